// Follows the index root's ACTIVE pointer: opens, verifies and warms a newly published version beside the one that is
// served, then swaps it in. A version that does not open is refused, and what is served stays.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "server/server_metrics.h"
#include "server/snapshot_store.h"

namespace kindred {

// Not thread-safe but for the thread that Start() makes: call PollOnce() or Start(), not both.
class IndexWatcher {
 public:
  struct Options {
    absl::Duration poll_interval = absl::Seconds(1);
    // A refused version is tried again after this long: it may be a copy that was not complete yet.
    absl::Duration retry_refused = absl::Minutes(1);
    // How many of the answers that the old version gave lately the new one prepares before it is served.
    size_t warm_questions = 10000;
  };

  // `store`, `metrics` and `clock` must outlive the watcher.
  IndexWatcher(SnapshotStore* store, ServerMetrics* metrics, const Clock* clock, const Options& options);
  ~IndexWatcher();  // Stops the thread.

  // Polls on a thread of its own, at low priority, until destroyed. A failure is logged once, not at each poll.
  void Start();
  // Swaps where ACTIVE names another version than the one served, and closes retired snapshots that no call uses any
  // more: closing a database takes time, which is spent here and not in a call.
  void PollOnce();

  // Snapshots that were swapped out and not closed yet.
  size_t retired() const { return retired_.size(); }

 private:
  void Run();
  void Take(IndexVersion version);
  void CloseRetired();
  void ReportOnce(const std::string& problem);

  SnapshotStore* const store_;
  ServerMetrics* const metrics_;
  const Clock* const clock_;
  const Options options_;

  struct Refusal {
    IndexVersion version;
    absl::Time time;
  };
  std::optional<Refusal> refused_;
  std::string reported_;  // The last problem that was logged; empty: all is well.
  std::vector<std::shared_ptr<const Snapshot>> retired_;

  absl::Mutex mutex_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace kindred
