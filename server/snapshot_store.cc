#include "server/snapshot_store.h"

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "index/store/index_info_file.h"
#include "index/store/index_reader.h"
#include "index/store/size_check.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

absl::Status CheckMarket(const index::v1::IndexInfo& info, const std::string& market) {
  std::vector<std::string> known;
  for (const index::v1::MarketInfo& of_index : info.markets()) known.push_back(of_index.name());
  if (market.empty() || absl::c_linear_search(known, market)) return absl::OkStatus();
  const bool has_none = known.size() == 1 && known[0].empty();
  return absl::FailedPreconditionError(
      absl::StrCat("index version ", info.version(), ": has no market \"", market, "\", which --default_market names; ",
                   has_none ? "its log had no market column" : absl::StrCat("it has ", absl::StrJoin(known, ", "))));
}

// Why no index is published there, and how one is.
std::string WhyNone(const IndexRoot& root) {
  const absl::StatusOr<std::vector<IndexVersion>> complete = root.Versions();
  if (complete.ok() && !complete->empty()) {
    return absl::StrCat("kindred-index publish --index ", root.path(), " ", complete->back(), " publishes its newest");
  }
  std::error_code unknown;
  if (std::filesystem::is_regular_file(root.path(), unknown)) return "it is a file; an index is a folder";
  return absl::StrCat("is it the folder of an index? kindred-index build --index ", root.path(), " makes one");
}

}  // namespace

RefusedVersion Found(const IndexRoot& root, IndexVersion version, const FileStamp& active) {
  const std::string folder = root.VersionPath(version);
  return {.version = version,
          .why = {},
          .active = active,
          .folder = StampVersion(folder),
          .accept_size = StampFile(absl::StrCat(folder, "/", kAcceptSizeName))};
}

absl::StatusOr<std::unique_ptr<SnapshotStore>> SnapshotStore::Open(const IndexRoot& root, const Options& options,
                                                                   absl::FunctionRef<bool()> stop) {
  std::optional<BlocklistFile> blocklist_file;
  if (!options.blocklist_file.empty()) {
    ASSIGN_OR_RETURN(blocklist_file, BlocklistFile::Open(options.blocklist_file));
  }
  const FileStamp active = StampFile(root.ActivePath());
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> versions, root.ActiveStack());
  if (versions.empty()) {
    return absl::NotFoundError(absl::StrCat("no index is published in \"", root.path(), "\": ", WhyNone(root)));
  }
  std::unique_ptr<SnapshotStore> store(new SnapshotStore(root, options, std::move(blocklist_file)));
  std::vector<RefusedVersion>& refused = store->refused_at_open_;
  for (size_t i = 0; i < versions.size(); ++i) {
    RefusedVersion found = Found(root, versions[i], active);
    if (found.folder.empty() && !refused.empty()) continue;  // Pruned.
    absl::StatusOr<std::shared_ptr<const Snapshot>> snapshot = store->OpenVersion(versions[i], stop);
    absl::Status status = snapshot.status();
    if (absl::IsCancelled(status)) return status;
    if (status.ok()) status = store->CheckBesideOlder(**snapshot, absl::MakeConstSpan(versions).subspan(i + 1));
    if (status.ok()) {
      store->Swap(*std::move(snapshot));
      return store;
    }
    found.why = std::move(status);
    refused.push_back(std::move(found));
  }
  const absl::Status& why = refused.front().why;
  if (!absl::IsDataLoss(why) && !absl::IsNotFound(why)) return why;  // It says itself what to do.
  return absl::Status(
      why.code(), absl::StrCat(why.message(), "; build another version, or publish one: kindred-index publish --index ",
                               root.path(), " VERSION"));
}

absl::Status SnapshotStore::CheckBesideOlder(const Snapshot& next, absl::Span<const IndexVersion> older) const {
  std::optional<index::v1::IndexInfo> passed;
  const auto check = [&](const index::v1::IndexInfo& info) {
    return passed.has_value() ? CheckSize(root_, info, *passed, min_size_ratio_) : absl::OkStatus();
  };
  for (auto version = older.rbegin(); version != older.rend(); ++version) {
    absl::StatusOr<index::v1::IndexInfo> info = ReadIndexInfo(root_.VersionPath(*version));
    if (info.ok() && check(*info).ok()) passed = *std::move(info);
  }
  return check(next.info());
}

SnapshotStore::SnapshotStore(const IndexRoot& root, const Options& options, std::optional<BlocklistFile> blocklist_file)
    : root_(root),
      min_size_ratio_(options.min_size_ratio),
      default_market_(options.default_market),
      cache_bytes_(options.cache_bytes),
      block_cache_(MakeBlockCache(options.block_cache_bytes)),
      blocklist_file_(std::move(blocklist_file)) {}

std::shared_ptr<const Snapshot> SnapshotStore::Current() const {
  absl::MutexLock lock(&mutex_);
  return current_;
}

absl::StatusOr<std::shared_ptr<const Snapshot>> SnapshotStore::OpenVersion(IndexVersion version,
                                                                           absl::FunctionRef<bool()> stop) const {
  Snapshot::Options opened{cache_bytes_, block_cache_, nullptr};
  {
    const absl::MutexLock lock(&blocklist_mutex_);
    if (blocklist_file_.has_value()) opened.blocklist = blocklist_file_->list();
  }
  ASSIGN_OR_RETURN(auto next, Snapshot::Open(root_, version, opened, stop));
  RETURN_IF_ERROR(CheckMarket(next->info(), default_market_));
  if (const auto current = Current(); current != nullptr) {
    RETURN_IF_ERROR(CheckSize(root_, next->info(), current->info(), min_size_ratio_));
  }
  return next;
}

std::shared_ptr<const Snapshot> SnapshotStore::WithNewBlocklist() {
  const absl::MutexLock lock(&blocklist_mutex_);
  if (!blocklist_file_.has_value() || !blocklist_file_->Refresh()) return nullptr;
  return Current()->With(blocklist_file_->list());
}

bool SnapshotStore::blocklist_refused() const {
  const absl::MutexLock lock(&blocklist_mutex_);
  return blocklist_file_.has_value() && blocklist_file_->refused();
}

std::shared_ptr<const Snapshot> SnapshotStore::Swap(std::shared_ptr<const Snapshot> next) {
  absl::MutexLock lock(&mutex_);
  current_.swap(next);
  return next;
}

}  // namespace kindred
