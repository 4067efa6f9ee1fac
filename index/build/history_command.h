// kindred-index history, and evaluate where it is given --index.
#pragma once

#include "common/commands.h"

namespace kindred {

Command MakeHistoryCommand();

// Measures a kept version (`arguments` may name one; else the active one) on the log of --input, prints what it found
// and keeps it for history.
absl::Status MeasureKeptVersion(const Arguments& arguments);

}  // namespace kindred
