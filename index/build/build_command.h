// kindred-index build.
#pragma once

#include "absl/status/statusor.h"
#include "common/commands.h"
#include "index/build/build_index.h"

namespace kindred {

// Prints what a build did. With exit status 3: the version is worse than the active one, and was not published.
absl::Status TellBuild(const BuildResult& result);

Command MakeBuildCommand();

// What the flags of build say. BadUsage(): one is missing or out of its range; it is named.
absl::StatusOr<BuildOptions> BuildOptionsFromFlags();

}  // namespace kindred
