// Which files a log of folders and globs consists of right now, and which of them can matter.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace kindred {

struct LogFile {
  std::string path;
  uint64_t bytes = 0;
  absl::Time modified;
  size_t named_bytes = 0;  // Of the path, at its beginning: the folder that the pattern named itself, with its slash.

  friend bool operator==(const LogFile& x, const LogFile& y) {
    return x.path == y.path && x.bytes == y.bytes && x.modified == y.modified;
  }
};

// Files that the patterns name, each once, by path: files, folders (the files in them, and in their folders), and globs
// (glob(7)) of both. Left out are names that begin with a dot or end in .tmp or .part, as of files that are still being
// written, and files without a byte; within folders, and of folders that a glob finds, also names that begin with _,
// lost+found, folders that are links, and indexes.
// A pattern under whose very name something is there is no glob; one that matches nothing is no error: its files may
// come later.
//   PermissionDenied, Internal: a folder that cannot be read, named.
absl::StatusOr<std::vector<LogFile>> ListLogFiles(const std::vector<std::string>& patterns);

// False only where the file tells that all its events are older than `since`: it was last written more than a day
// before, or the last date in its name, or else in those of the nearest of the four folders above it ("dt=2026-01-31",
// "2026/01/31/05"), but for those that its pattern named, lies more than 31 days before, so that a file may be named by
// the first day of its month.
bool MayHoldEventsSince(const LogFile& file, absl::Time since);

}  // namespace kindred
