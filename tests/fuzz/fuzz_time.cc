#include "index/log/time_parser.h"
#include "tests/fuzz/log_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto ms = kindred::ParseTimeMs(absl::string_view(reinterpret_cast<const char*>(data), size));
  kindred::fuzzing::Require(!ms.has_value() || (*ms >= 631'152'000'000 && *ms < 7'258'118'400'000));
  return 0;
}
