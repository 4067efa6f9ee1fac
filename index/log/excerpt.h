// A piece of a log for a message: short, on one line, harmless to a terminal.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace kindred {

// At most max_bytes: control characters, and bytes that are not UTF-8, as \xNN; "..." at the end where something is
// cut. REQUIRES: max_bytes >= 8.
std::string Excerpt(absl::string_view text, size_t max_bytes);

}  // namespace kindred
