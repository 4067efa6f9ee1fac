#include "server/index_watcher.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/logging.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

constexpr int kLowPriority = 10;
// Of the kernel's ioprio.h, which the C library does not wrap.
constexpr int kIoprioOfThisThread = 1;
constexpr int kIoprioIdle = 3 << 13;

}  // namespace

IndexWatcher::IndexWatcher(SnapshotStore* store, ServerMetrics* metrics, const Clock* clock, const Options& options)
    : store_(store), metrics_(metrics), clock_(clock), options_(options) {
  for (const RefusedVersion& refused : store->refused_at_open()) {
    if (!refused_.has_value()) refused_ = refused;
    metrics_->CountRefusedVersion();
    ReportOnce(std::string(refused.why.message()));
  }
  refused_time_ = clock_->Now();
  metrics_->SetActiveIsRefused(refused_.has_value());
}

IndexWatcher::~IndexWatcher() {
  RequestStop();
  if (thread_.joinable()) thread_.join();
}

void IndexWatcher::RequestStop() {
  absl::MutexLock lock(&mutex_);
  stop_ = true;
}

bool IndexWatcher::Stopping() {
  absl::MutexLock lock(&mutex_);
  return stop_;
}

void IndexWatcher::Start() { thread_ = std::thread(&IndexWatcher::Run, this); }

void IndexWatcher::Run() {
  // Reading and warming a new version must not slow the calls down. On Linux this sets the calling thread's priority
  // only.
  ::setpriority(PRIO_PROCESS, 0, kLowPriority);
  ::syscall(SYS_ioprio_set, kIoprioOfThisThread, 0, kIoprioIdle);
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stop_), options_.poll_interval)) {
    mutex_.Unlock();
    PollOnce();
    mutex_.Lock();
  }
}

void IndexWatcher::PollOnce() {
  CloseRetired();
  TakeBlocklist();
  const IndexRoot& root = store_->root();
  const FileStamp stamp = StampFile(root.ActivePath());  // Before it is read.
  const absl::StatusOr<std::optional<IndexVersion>> active = root.Active();
  if (!active.ok() || !active->has_value()) {
    metrics_->SetActiveIsRefused(false);
    return ReportOnce(active.ok() ? absl::StrCat("no ACTIVE in ", root.path())
                                  : std::string(active.status().message()));
  }
  RefusedVersion found = Found(root, **active, stamp);
  const std::shared_ptr<const Snapshot> current = store_->Current();
  if (found.version == current->version() && found.folder == current->stamp()) {
    if (!reported_.empty()) LogInfo("index settled", {{"serving", absl::StrCat(current->version())}});
    ForgetRefused();
  } else if (!IsKnownToFail(found)) {
    metrics_->SetActiveIsRefused(refused_.has_value() && refused_->version == found.version);
    Take(std::move(found));
  }
}

void IndexWatcher::TakeBlocklist() {
  std::shared_ptr<const Snapshot> next = store_->WithNewBlocklist();
  if (next == nullptr) return;
  const absl::Status warm = next->WarmFrom(*store_->Current(), options_.warm_questions, [this] { return Stopping(); });
  if (absl::IsCancelled(warm)) return;  // Another failure is of a stored row: of the calls that meet it.
  const size_t lines = next->blocklist()->lines();
  retired_.push_back(store_->Swap(std::move(next)));
  LogInfo("blocklist reloaded", {{"lines", absl::StrCat(lines)}});
}

bool IndexWatcher::IsKnownToFail(const RefusedVersion& found) const {
  if (!refused_.has_value() || refused_->version != found.version || refused_->active != found.active) return false;
  const bool same = refused_->folder == found.folder && refused_->accept_size == found.accept_size;
  return same || clock_->Now() < refused_time_ + options_.retry_refused;
}

void IndexWatcher::Take(RefusedVersion found) {
  const absl::Time start = clock_->Now();
  const auto stopping = [this] { return Stopping(); };
  absl::StatusOr<std::shared_ptr<const Snapshot>> next = store_->OpenVersion(found.version, stopping);
  if (absl::IsCancelled(next.status())) return;
  if (!next.ok()) return Refuse(std::move(found), next.status());
  const std::shared_ptr<const Snapshot> current = store_->Current();
  const absl::Status warm = (*next)->WarmFrom(*current, options_.warm_questions, stopping);
  if (absl::IsCancelled(warm)) return;
  if (!warm.ok()) {
    LogDebug("index does not answer", {{"problem", std::string(warm.message())}});  // May name a query.
    return Refuse(std::move(found), absl::DataLossError(absl::StrCat("index version ", found.version,
                                                                     ": it opens, but a stored row does not decode: "
                                                                     "build it again")));
  }
  const uint64_t rows = (*next)->info().rows();
  retired_.push_back(store_->Swap(*std::move(next)));
  metrics_->CountSwap();
  ForgetRefused();
  LogInfo("index swapped", {{"version", absl::StrCat(found.version)},
                            {"was", absl::StrCat(current->version())},
                            {"rows", absl::StrCat(rows)},
                            {"took", absl::FormatDuration(clock_->Now() - start)}});
}

void IndexWatcher::Refuse(RefusedVersion found, const absl::Status& why) {
  if (!refused_.has_value() || refused_->version != found.version) metrics_->CountRefusedVersion();
  refused_ = std::move(found);
  refused_time_ = clock_->Now();
  metrics_->SetActiveIsRefused(true);
  ReportOnce(std::string(why.message()));
}

void IndexWatcher::ForgetRefused() {
  refused_.reset();
  reported_.clear();
  metrics_->SetActiveIsRefused(false);
}

void IndexWatcher::CloseRetired() {
  // A retired snapshot gains no users, so a count of one means that this vector is the last.
  std::erase_if(retired_, [](const std::shared_ptr<const Snapshot>& snapshot) { return snapshot.use_count() == 1; });
}

void IndexWatcher::ReportOnce(const std::string& problem) {
  if (problem == reported_) return;
  reported_ = problem;
  LogError("index refused", {{"problem", problem}, {"serving", absl::StrCat(store_->Current()->version())}});
}

}  // namespace kindred
