// Work in a process of its own: a crash or the kernel's out-of-memory killer ends that one alone, its memory is given
// back whole, and it can be abandoned at once.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kindred {

// Forks, runs `work` there, and returns what it returned, 0 to 255. The child dies with the caller.
//   Cancelled: SIGTERM, SIGINT or SIGHUP came: the child was killed.  Unavailable: SIGKILL or a std::bad_alloc ended
//   it, as where memory is short.  Internal: another signal did (named), or there can be no other process.
// REQUIRES: BlockShutdownSignals() was called, and no other thread runs in this process.
absl::StatusOr<int> RunIsolated(const std::function<int()>& work);

}  // namespace kindred
