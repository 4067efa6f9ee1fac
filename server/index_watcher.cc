#include "server/index_watcher.h"

#include <sys/resource.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/logging.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

constexpr int kLowPriority = 10;

}  // namespace

IndexWatcher::IndexWatcher(SnapshotStore* store, ServerMetrics* metrics, const Clock* clock, const Options& options)
    : store_(store), metrics_(metrics), clock_(clock), options_(options) {}

IndexWatcher::~IndexWatcher() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void IndexWatcher::Start() { thread_ = std::thread(&IndexWatcher::Run, this); }

void IndexWatcher::Run() {
  // Reading and warming a new version must not slow the calls down. On Linux this sets the calling thread's priority
  // only.
  ::setpriority(PRIO_PROCESS, 0, kLowPriority);
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stop_), options_.poll_interval)) {
    mutex_.Unlock();
    PollOnce();
    mutex_.Lock();
  }
}

void IndexWatcher::PollOnce() {
  CloseRetired();
  const absl::StatusOr<std::optional<IndexVersion>> active = store_->root().Active();
  if (!active.ok()) return ReportOnce(std::string(active.status().message()));
  if (!active->has_value()) return ReportOnce(absl::StrCat("no ACTIVE in ", store_->root().path()));
  const IndexVersion version = **active;
  if (version == store_->Current()->version()) {
    refused_.reset();
    reported_.clear();
    return;
  }
  const bool refused = refused_.has_value() && refused_->version == version;
  if (refused && clock_->Now() < refused_->time + options_.retry_refused) return;
  Take(version);
}

void IndexWatcher::Take(IndexVersion version) {
  const absl::Time start = clock_->Now();
  absl::StatusOr<std::shared_ptr<const Snapshot>> next = store_->OpenVersion(version);
  if (!next.ok()) {
    if (!refused_.has_value() || refused_->version != version) metrics_->CountRefusedVersion();
    refused_ = Refusal{version, clock_->Now()};
    return ReportOnce(std::string(next.status().message()));
  }
  const std::shared_ptr<const Snapshot> current = store_->Current();
  (*next)->WarmFrom(*current, options_.warm_questions);
  const uint64_t rows = (*next)->info().rows();
  retired_.push_back(store_->Swap(*std::move(next)));
  metrics_->CountSwap();
  refused_.reset();
  reported_.clear();
  LogInfo("index swapped", {{"version", absl::StrCat(version)},
                            {"was", absl::StrCat(current->version())},
                            {"rows", absl::StrCat(rows)},
                            {"took", absl::FormatDuration(clock_->Now() - start)}});
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
