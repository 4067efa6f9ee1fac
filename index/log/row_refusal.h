// Why a row of a log gives no event.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace kindred {

// Or, where kEvent, that it gives one.
struct RowRefusal {
  enum class Kind : uint8_t { kEvent, kBad, kSkipped };
  Kind kind = Kind::kEvent;
  absl::string_view reason;  // Of kBad and kSkipped: a constant.
  absl::string_view value;   // The value that is to blame; a view into the row.
};

}  // namespace kindred
