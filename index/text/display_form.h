// How a query that somebody typed is shown to others.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace kindred {

// The text with white space and control characters as one space, none at its ends, and without characters that show
// nothing (zero width, directions, byte order mark). What is not UTF-8 is dropped. Thread-safe.
std::string DisplayForm(absl::string_view raw);

}  // namespace kindred
