// How wide a text is on a terminal, where a Chinese character takes two columns.
#pragma once

#include "absl/strings/string_view.h"

namespace kindred {

// Columns that UTF-8 text takes; a byte that is not UTF-8 takes one. Thread-safe.
int DisplayWidth(absl::string_view text);

}  // namespace kindred
