#include "server/snapshot_store.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "rocksdb/cache.h"

namespace kindred {

absl::StatusOr<std::unique_ptr<SnapshotStore>> SnapshotStore::Open(const IndexRoot& root, const Options& options) {
  ASSIGN_OR_RETURN(const std::optional<IndexVersion> active, root.Active());
  if (!active.has_value()) {
    return absl::NotFoundError(absl::StrCat("no index is published in \"", root.path(),
                                            "\": build one with kindred-index build --index ", root.path()));
  }
  std::unique_ptr<SnapshotStore> store(new SnapshotStore(root, options));
  ASSIGN_OR_RETURN(std::shared_ptr<const Snapshot> snapshot, store->OpenVersion(*active));
  store->Swap(std::move(snapshot));
  return store;
}

SnapshotStore::SnapshotStore(const IndexRoot& root, const Options& options)
    : root_(root), snapshot_options_{options.cache_bytes, rocksdb::NewLRUCache(options.block_cache_bytes)} {}

std::shared_ptr<const Snapshot> SnapshotStore::Current() const {
  absl::MutexLock lock(&mutex_);
  return current_;
}

absl::StatusOr<std::shared_ptr<const Snapshot>> SnapshotStore::OpenVersion(IndexVersion version) const {
  return Snapshot::Open(root_, version, snapshot_options_);
}

std::shared_ptr<const Snapshot> SnapshotStore::Swap(std::shared_ptr<const Snapshot> next) {
  absl::MutexLock lock(&mutex_);
  current_.swap(next);
  return next;
}

}  // namespace kindred
