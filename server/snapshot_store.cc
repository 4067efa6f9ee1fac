#include "server/snapshot_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/store/index_reader.h"

namespace kindred {

absl::StatusOr<std::unique_ptr<SnapshotStore>> SnapshotStore::Open(const IndexRoot& root, const Options& options) {
  const FileStamp active = StampFile(root.ActivePath());
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> versions, root.ActiveStack());
  if (versions.empty()) {
    return absl::NotFoundError(absl::StrCat("no index is published in \"", root.path(),
                                            "\": build one with kindred-index build --index ", root.path()));
  }
  std::unique_ptr<SnapshotStore> store(new SnapshotStore(root, options));
  std::vector<RefusedVersion>& refused = store->refused_at_open_;
  for (const IndexVersion version : versions) {
    FolderStamp folder = StampFolder(root.VersionPath(version));
    if (folder.empty() && !refused.empty()) continue;  // Pruned.
    absl::StatusOr<std::shared_ptr<const Snapshot>> snapshot = store->OpenVersion(version);
    if (snapshot.ok()) {
      store->Swap(*std::move(snapshot));
      return store;
    }
    refused.push_back({version, snapshot.status(), active, std::move(folder)});
  }
  return refused.front().why;
}

SnapshotStore::SnapshotStore(const IndexRoot& root, const Options& options)
    : root_(root), snapshot_options_{options.cache_bytes, MakeBlockCache(options.block_cache_bytes)} {}

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
