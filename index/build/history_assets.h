// Files that are part of the program: made by cmake/KindredEmbed.cmake of history.html and history.js.
#pragma once

#include "absl/strings/string_view.h"

namespace kindred {

absl::string_view HistoryTemplate();
absl::string_view HistoryScript();

}  // namespace kindred
