// Files for what a process keeps on disk while it runs.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kindred {

// Opens a new file without a name, to read and write: its bytes go with its last descriptor and mapping, however the
// process ends. The caller closes it. Thread-safe.
//   As TempFileError().
absl::StatusOr<int> OpenTempFile(const std::string& temp_dir);

// Says what failed and names the folder: "cannot write a temporary file in /tmp; name a folder with more room by
// --temp_dir: No space left on device".
//   ResourceExhausted: the folder's disk is full.  NotFound, PermissionDenied: the folder cannot be written to.
//   Internal and others of absl::ErrnoToStatus(): other failures of the disk.
absl::Status TempFileError(int error, absl::string_view what, const std::string& temp_dir);

}  // namespace kindred
