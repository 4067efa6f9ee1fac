// The blocklist of a file that somebody edits while the server runs.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "index/lookup/blocklist.h"
#include "server/folder_stamp.h"

namespace kindred {

// Not thread-safe; the list is.
class BlocklistFile {
 public:
  //   InvalidArgument: as Blocklist::Parse().  DataLoss: it is too long for keywords.  As ErrnoStatus(): it cannot be
  //   read.  Each names --blocklist_file.
  static absl::StatusOr<BlocklistFile> Open(const std::string& path);

  // The last good one. Never nullptr.
  const std::shared_ptr<const Blocklist>& list() const { return list_; }
  // Whether list() is another one now, since the file changed. What is no good is refused with a warning, once a
  // change, and the list before stays.
  bool Refresh();

 private:
  BlocklistFile(std::string path, FileStamp stamp, std::shared_ptr<const Blocklist> list);

  std::string path_;
  FileStamp stamp_;  // Of the content that was last looked at, good or not.
  std::shared_ptr<const Blocklist> list_;
};

}  // namespace kindred
