// Follows the index root's ACTIVE pointer: opens, verifies and warms a newly published version beside the one that is
// served, then swaps it in. A version that does not open or answer is refused, and what is served stays. Follows the
// blocklist, too.
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

// Not thread-safe but for RequestStop() and the thread that Start() makes: call PollOnce() or Start(), not both.
class IndexWatcher {
 public:
  struct Options {
    absl::Duration poll_interval = absl::Seconds(1);
    // A refused version whose files change is tried again, at most this often: it may be a copy that is not complete
    // yet.
    absl::Duration retry_refused = absl::Minutes(1);
    // How many of the answers that the old version gave lately, the most asked for first, the new one prepares before
    // it is served. 50,000 take some 3 s of one core at low priority; by Zipf's law over 200,000 queries they are nine
    // calls in ten.
    size_t warm_questions = 50000;
  };

  // Logs and counts what the store refused when it was opened. `store`, `metrics` and `clock` must outlive the watcher.
  IndexWatcher(SnapshotStore* store, ServerMetrics* metrics, const Clock* clock, const Options& options);
  ~IndexWatcher();  // Stops the thread, soon even where a version is being verified.

  // Polls on a thread of its own, at low priority, until destroyed. A failure is logged once, not at each poll.
  void Start();
  // Swaps where ACTIVE names another version than the one served, that version was written anew, or the blocklist
  // changed; and closes retired snapshots that no call uses any more: closing a database takes time, which is spent
  // here and not in a call.
  void PollOnce();
  // From any thread: a version that is being verified or warmed is given up, and the thread ends.
  void RequestStop();

  // Snapshots that were swapped out and not closed yet.
  size_t retired() const { return retired_.size(); }

 private:
  void Run();
  bool Stopping();
  void TakeBlocklist();
  // Whether there is no point yet in trying again what was refused.
  bool IsKnownToFail(const RefusedVersion& found) const;
  // Opens, warms and swaps in what ACTIVE names; `found` is that, as yet without a reason to refuse it.
  void Take(RefusedVersion found);
  void Refuse(RefusedVersion found, const absl::Status& why);
  void ForgetRefused();
  void CloseRetired();
  void ReportOnce(const std::string& problem);

  SnapshotStore* const store_;
  ServerMetrics* const metrics_;
  const Clock* const clock_;
  const Options options_;

  std::optional<RefusedVersion> refused_;
  absl::Time refused_time_;
  std::string reported_;  // The last problem that was logged; empty: all is well.
  std::vector<std::shared_ptr<const Snapshot>> retired_;

  absl::Mutex mutex_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace kindred
