// What a test's process holds, for tests of budgets. Not under sanitizers, which hold several times as much.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace kindred::testing {

// In bytes: "VmRSS" or, the most since ForgetPeak(), "VmHWM".
inline uint64_t ProcessMemory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1)) * 1024;
  }
  ADD_FAILURE() << "no " << name;
  return 0;
}

// Where that cannot be written, the peak is the process's: ctest starts one for each test, whose log alone is small.
inline void ForgetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

}  // namespace kindred::testing
