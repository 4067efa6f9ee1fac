// Whatever the bytes of a related list: a value within the limits that encodes to the same bytes, or DataLoss.
#include <cstdint>
#include <cstdlib>

#include "index/store/related_list_codec.h"
#include "index/text/code_points.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto list = kindred::DecodeRelatedList(bytes);
  if (!list.ok()) {
    if (!absl::IsDataLoss(list.status())) std::abort();
    return 0;
  }
  if (list->candidates.empty() || list->candidates.size() > kindred::kMaxCandidates) std::abort();
  if (!kindred::IsUtf8(list->display)) std::abort();
  for (const auto& candidate : list->candidates) {
    if (!kindred::IsUtf8(candidate.keyword)) std::abort();
  }
  if (kindred::EncodeRelatedList(static_cast<kindred::RelatedList>(*list)) != bytes) std::abort();
  return 0;
}
