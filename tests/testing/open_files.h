// How many files this process has open.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace kindred::testing {

// Linux only. The one that it looks with counts each time.
inline size_t OpenFiles() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(files), end(files)));
}

}  // namespace kindred::testing
