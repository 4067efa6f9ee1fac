// "Did you mean ...?": what an unknown flag or command was probably meant to be.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace kindred {

// The known name with the fewest edited letters (two neighbours swapped are one edit), the first of equals; nullopt
// where none is near: more than a third of the letters of `name`, or more than one of a short name, would have to
// change.
std::optional<std::string> NearestName(absl::string_view name, const std::vector<std::string>& known);

}  // namespace kindred
