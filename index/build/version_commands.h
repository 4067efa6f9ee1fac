// kindred-index list, publish, rollback, verify, prune, inspect: looks at an index's versions and chooses among them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/commands.h"
#include "index/store/index_root.h"

namespace kindred {

std::vector<Command> MakeVersionCommands();

// Whether --index names a folder.
bool IndexIsGiven();

// --index. BadUsage(): it is missing.
absl::StatusOr<std::string> IndexDir();

// --keep. BadUsage(): below 1.
absl::StatusOr<int> VersionsToKeep();

// Complete versions, ascending, at least one. NotFound: there is none, or no such folder.
absl::StatusOr<std::vector<IndexVersion>> SomeVersions(const IndexRoot& root);

// The version that `text` names, else the active one.
//   BadUsage(): no number.  NotFound: no such version, or none is active; those that there are are named.
absl::StatusOr<IndexVersion> WantedVersion(const IndexRoot& root, const std::optional<std::string>& text);

}  // namespace kindred
