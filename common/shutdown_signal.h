// SIGTERM, SIGINT and SIGHUP as something to wait for, instead of handlers that may do next to nothing.
#pragma once

#include <optional>

#include "absl/time/time.h"

namespace kindred {

// Blocks these signals, and SIGPIPE for ever, in the calling thread and all threads that it will make. Call first in
// main(). SIGHUP comes when a terminal is closed, or from a person who wants files to be read again; where it is
// ignored, as under nohup, it stays so.
void BlockShutdownSignals();

// Returns the signal when one arrives. REQUIRES: BlockShutdownSignals() was called.
int WaitForShutdownSignal();
// The same, or nullopt after `timeout`.
std::optional<int> WaitForShutdownSignal(absl::Duration timeout);

}  // namespace kindred
