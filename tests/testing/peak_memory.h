// For tests of budgets, by PeakMemoryBytes() of common/machine_limits.h. Not under sanitizers, which hold several times
// as much.
#pragma once

#include <fstream>

namespace kindred::testing {

// From now on PeakMemoryBytes() is the most since, at first what the process holds. Where that cannot be written, it
// stays the process's: ctest starts one for each test, whose log alone is small.
inline void ForgetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

}  // namespace kindred::testing
