// Holds the snapshot that is being served. Calls copy a pointer to it and keep it to their end; a swap replaces it
// whole.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "index/store/index_root.h"
#include "server/blocklist_file.h"
#include "server/snapshot.h"

namespace kindred {

// A version that is not served although ACTIVE names it.
struct RefusedVersion {
  IndexVersion version;
  absl::Status why;
  // From before the version was read: whoever mends it, or accepts its size, changes one of them.
  FileStamp active;
  FolderStamp folder;
  FileStamp accept_size;
};

// As yet without a reason.
RefusedVersion Found(const IndexRoot& root, IndexVersion version, const FileStamp& active);

// Thread-safe.
class SnapshotStore {
 public:
  struct Options {
    size_t cache_bytes = 64 << 20;         // Of answers, for each open version.
    size_t block_cache_bytes = 256 << 20;  // Of index blocks, shared by all versions.
    // A version that follows another and has less than this share of its queries is refused: CheckSize(). Half,
    // because a log that lost most of a month is a mistake sooner than a plan.
    double min_size_ratio = .5;
    // A version without this market is refused: calls that name none would all be left without an answer. Empty: any.
    std::string default_market = {};
    // Of keywords that are not shown: see Blocklist. Empty: none.
    std::string blocklist_file = {};
  };

  // Opens the active version of the index or, where that does not open or is too small beside the one before it, the
  // newest of those that were active before it and is good. `stop` is asked meanwhile.
  //   NotFound: nothing is published there.  Cancelled: `stop` said so.  Else as BlocklistFile::Open(),
  //   IndexRoot::ActiveStack() and, of the active version, Snapshot::Open(), OpenVersion().
  static absl::StatusOr<std::unique_ptr<SnapshotStore>> Open(
      const IndexRoot& root, const Options& options, absl::FunctionRef<bool()> stop = [] { return false; });

  std::shared_ptr<const Snapshot> Current() const;
  // Opens another version, without serving it. Errors: as Snapshot::Open() and, beside the one that is served,
  // CheckSize(); FailedPrecondition: it lacks the default market.
  absl::StatusOr<std::shared_ptr<const Snapshot>> OpenVersion(
      IndexVersion version, absl::FunctionRef<bool()> stop = [] { return false; }) const;
  // Serves `next` from now on; returns what was served before, which calls may still be using.
  std::shared_ptr<const Snapshot> Swap(std::shared_ptr<const Snapshot> next);

  // Reads the blocklist again as BlocklistFile::Refresh() does: the served version beside it, which is not served yet;
  // all that OpenVersion() opens from now on stands beside it, too. nullptr: there is no new one.
  std::shared_ptr<const Snapshot> WithNewBlocklist();
  // The file of the blocklist holds something else now than what is in force.
  bool blocklist_refused() const;

  const IndexRoot& root() const { return root_; }
  const rocksdb::Cache& block_cache() const { return *block_cache_; }
  // What Open() had to pass over; the active version first.
  const std::vector<RefusedVersion>& refused_at_open() const { return refused_at_open_; }

 private:
  SnapshotStore(const IndexRoot& root, const Options& options, std::optional<BlocklistFile> blocklist_file);
  // CheckSize() of an open version beside the newest older one that itself passed beside those before it.
  absl::Status CheckBesideOlder(const Snapshot& next, absl::Span<const IndexVersion> older) const;

  const IndexRoot root_;
  const double min_size_ratio_;
  const std::string default_market_;
  const size_t cache_bytes_;
  const std::shared_ptr<rocksdb::Cache> block_cache_;
  std::vector<RefusedVersion> refused_at_open_;  // Constant after Open().
  // A mutex rather than std::atomic<std::shared_ptr>: GCC 12's is itself a lock, and one that ThreadSanitizer cannot
  // see.
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Snapshot> current_ ABSL_GUARDED_BY(mutex_);
  // Of its own, for the file is read under it.
  mutable absl::Mutex blocklist_mutex_;
  std::optional<BlocklistFile> blocklist_file_ ABSL_GUARDED_BY(blocklist_mutex_);
};

}  // namespace kindred
