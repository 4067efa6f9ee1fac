// Which files of a version were read whole and found good, and were not written since: so that a server opens an index
// that is larger than its memory without reading all of it again. Layout: index/store/FORMAT.md.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kindred::index::v1 {
class FileInfo;
class IndexInfo;
}  // namespace kindred::index::v1

namespace kindred {

inline constexpr char kVerifiedName[] = "VERIFIED";

// Writes the record into `folder`, replacing another; where it would hold nothing, none. A file that changed later than
// two seconds before `begin`, when the first of them began to be read, is left out: it may have been written since it
// was read, and the clock of a file system may not tell a later writing from an earlier one.
// REQUIRES: all files of `info` were read since `begin`, and had its checksums. Codes: ErrnoStatus().
absl::Status WriteVerifiedFiles(const std::string& folder, const index::v1::IndexInfo& info, absl::Time begin);

// The content of the folder's record; empty where there is none.
std::string ReadVerifiedFiles(const std::string& folder);
// Whether the record says that the file in `folder` has the checksum that `file` names, and it is the file that was
// read: the same inode, size, and times of its last writing and of its last change of any kind. A copy is another.
bool IsVerified(absl::string_view record, const std::string& folder, const index::v1::FileInfo& file);

}  // namespace kindred
