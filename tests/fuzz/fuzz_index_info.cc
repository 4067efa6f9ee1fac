// Whatever the bytes of an INDEX_INFO, also where its checksum agrees: a record, DataLoss or FailedPrecondition.
#include <cstdint>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "index/store/file_checksum.h"
#include "index/store/index_info_file.h"
#include "kindred/index/v1/index_info.pb.h"

namespace {

void Check(absl::string_view content) {
  const auto info = kindred::DecodeIndexInfo(content);
  if (info.ok()) {
    const auto again = kindred::EncodeIndexInfo(*info);
    if (!again.ok() || !kindred::DecodeIndexInfo(*again).ok()) std::abort();
  } else if (!absl::IsDataLoss(info.status()) && !absl::IsFailedPrecondition(info.status())) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  Check(input);
  Check(absl::StrCat("kindred-index-info 1 xxh3=", kindred::Checksum(input), "\n", input));
  return 0;
}
