// A folder of index versions and the pointer to the one that is served:
//   <root>/41/ <root>/42/   complete versions, immutable, named by number
//   <root>/ACTIVE           first line: the active version; below it those that were active before it, newest first
//   <root>/.LOCK            held (flock) by the one process that writes
//   <root>/.building-43/    a build in progress, or the leftover of one that was killed (so are .building-43-measure/,
//                           .building-43-shards/)
// Readers need no lock: ACTIVE changes by rename, and a version folder appears complete, by rename.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "index/store/files.h"

namespace kindred {

using IndexVersion = uint64_t;

// The reading half. Thread-safe; holds no open file.
class IndexRoot {
 public:
  // Does not look at the disk.
  explicit IndexRoot(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  std::string VersionPath(IndexVersion version) const;
  // Of the file ACTIVE, whether it is there or not.
  std::string ActivePath() const;
  // nullopt: nothing published yet (no folder, or no ACTIVE).  DataLoss: ACTIVE does not parse.  PermissionDenied.
  absl::StatusOr<std::optional<IndexVersion>> Active() const;
  // The active version and those that were active before it, newest first; some may be pruned. Empty: nothing published
  // yet.  DataLoss, PermissionDenied: as Active().
  absl::StatusOr<std::vector<IndexVersion>> ActiveStack() const;
  // Complete versions, ascending. NotFound: no such root.
  absl::StatusOr<std::vector<IndexVersion>> Versions() const;

 private:
  std::string path_;
};

// The writing half: one at a time per root, over all processes. Not thread-safe.
class IndexRootWriter {
 public:
  // Creates the root where missing, takes the lock, and removes leftovers of killed writers: ACTIVE.tmp and
  // .building-43 (with -measure or -shards behind it) or .deleting-43 of any number. Whatever else is in the folder is
  // left alone.
  //   Unavailable: another process writes.  FailedPrecondition: files of others are there, and no index.
  //   PermissionDenied, NotFound (parent folder), Internal: named.
  static absl::StatusOr<std::unique_ptr<IndexRootWriter>> Open(const std::string& path);
  // Removes leftovers, so that a build that failed leaves nothing on a disk that may be full; then releases the lock.
  ~IndexRootWriter();

  const IndexRoot& root() const;
  // One more than every version that ever was: the newest one is never pruned.
  absl::StatusOr<IndexVersion> NextVersion() const;
  // Where to build `version`: "<root>/.building-43". The folder does not exist.
  std::string BuildPath(IndexVersion version) const;
  // Renames BuildPath(version) into place, synced. Does not repoint ACTIVE. Where an error of the sync alone is told
  // (here and by the next three), the change is made all the same, but a power cut may undo it.
  //   FailedPrecondition: the folder is not a complete version, or holds another one.  AlreadyExists: there
  //   is such a version.
  absl::Status Complete(IndexVersion version);
  // Opens `version` with all checksums verified, records that for servers (verified_files.h), then points ACTIVE to it,
  // synced.
  //   NotFound: no such version.  DataLoss, FailedPrecondition: as IndexReader::Open; also FailedPrecondition: the
  //   folder holds another version than its name says. ACTIVE is left alone.
  absl::Status Publish(IndexVersion version);
  // Publishes the version that was active before the active one and still exists; returns it. The version that was
  // active is forgotten: a later rollback does not return to it.
  //   FailedPrecondition: there is none.  DataLoss: as Publish(); ACTIVE is left alone.
  absl::StatusOr<IndexVersion> Rollback();
  // Deletes complete versions but the newest `keep`, the active one and the one that Rollback() would go back to;
  // returns those deleted.
  //   InvalidArgument: keep below 1: a number would be used twice, were the newest version deleted.
  absl::StatusOr<std::vector<IndexVersion>> Prune(int keep);

 private:
  IndexRootWriter(IndexRoot root, FileDescriptor lock);
  IndexRoot root_;
  FileDescriptor lock_;
};

}  // namespace kindred
