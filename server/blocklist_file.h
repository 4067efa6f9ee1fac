// The blocklist of a file that somebody edits while the server runs.
#pragma once

#include <memory>
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
  // Whether list() is another one now. Reads the file where it changed before the last call and did not since: else it
  // may still be being written. What is no good is refused with one warning, and the list before stays; a file that
  // cannot be read is tried again by the next call.
  bool Refresh();
  // What the file holds now is not list().
  bool refused() const { return !refused_.empty(); }

 private:
  BlocklistFile(std::string path, FileStamp stamp, std::shared_ptr<const Blocklist> list);

  std::string path_;
  FileStamp stamp_;      // Of the content that was last judged, good or not.
  FileStamp seen_;       // By the last call.
  std::string refused_;  // Why; empty: it is not.
  std::shared_ptr<const Blocklist> list_;
};

}  // namespace kindred
