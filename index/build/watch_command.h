// kindred-index watch.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/commands.h"

namespace kindred {

Command MakeWatchCommand();

// "90d", or what absl::ParseDuration() takes, such as "36h". InvalidArgument: anything else, or none above 0.
absl::StatusOr<absl::Duration> ParseWindow(absl::string_view text);

}  // namespace kindred
