// Which files a log of folders and globs consists of right now, and which of them can matter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace kindred {

struct LogFile {
  std::string path;
  uint64_t bytes = 0;
  absl::Time modified;
  // The last date in its name, or else in the name of the nearest folder that has one, up to the one that a pattern
  // named: "2026-01-31.tsv", "dt=2026-01-31/hour=05/a.tsv"; or else of the folders right above it:
  // "2026/01/31/05/a.tsv".
  std::optional<absl::CivilDay> day;

  friend bool operator==(const LogFile& x, const LogFile& y) {
    return x.path == y.path && x.bytes == y.bytes && x.modified == y.modified;
  }
};

// Files that the patterns name, each once, by path: files, folders (the files in them, and in their folders), and globs
// (glob(7)) of both. Left out are names that begin with a dot or end in .tmp or .part, as of files that are still being
// written, and files without a byte; within folders also names that begin with _, folders that are links, and indexes.
// A pattern under whose very name something is there is no glob; one that matches nothing is no error: its files may
// come later.
//   PermissionDenied, Internal: a folder that cannot be read, named.
absl::StatusOr<std::vector<LogFile>> ListLogFiles(const std::vector<std::string>& patterns);

// False only where the file tells that all its events are older than `since`: it was last written more than a day
// before, or its day lies more than 31 days before, so that a file may be named by the first day of its month.
bool MayHoldEventsSince(const LogFile& file, absl::Time since);

}  // namespace kindred
