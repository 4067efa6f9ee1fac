// Any bytes get an answer, and one with a name.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "index/mine/query_screen.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view raw(reinterpret_cast<const char*>(data), size);
  const kindred::ScreenReason reason = kindred::ScreenQuery(raw);
  if (kindred::ScreenReasonName(reason) == "unknown") abort();
  if (kindred::ScreenQuery(raw) != reason) abort();
  return 0;
}
