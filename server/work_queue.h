// Threads for work that takes longer than handing it over, behind a queue that takes no more than will be begun soon.
// Without it, work above what the machine can do would wait unseen, in gRPC and in the kernel's buffers, until each
// answer came too late; with it, gRPC's own threads are free to read, and to say no at once.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace kindred {

// Thread-safe. Its end waits for all that was added.
class WorkQueue {
 public:
  // `late`: it waited too long after all, and what is worth doing in time only is to be left.
  using Work = absl::AnyInvocable<void(bool late)>;

  struct Options {
    int threads = 1;
    double processors = 1;  // That the process may use, or the share of one.
    // Once the queue stands, nothing is taken that would wait longer than this, or than it takes itself twice over, as
    // long as work took lately; nor while something waits that has waited longer.
    absl::Duration max_wait = absl::Milliseconds(3);
    // The queue stands once it has not been empty for longer than this. Until then work is taken that would wait up to
    // as long, so that a burst, or a moment in which the machine did something else, refuses nobody where the queue was
    // empty before. What was taken so, and begins when the queue stands, is told that it is late. After CoDel, which
    // looks at waits instead: K. Nichols, V. Jacobson, "Controlling Queue Delay", 2012.
    absl::Duration burst = absl::Milliseconds(50);
    // For so long after a refusal there is overload, unless the processors have time. Then those who say no keep the
    // processors busy, and what is queued waits for them more than for work. So work is taken evenly, no more than
    // leaves the processors a little of their time, and up to max_wait of what was not used of it at once; all else is
    // refused. At two and four times what a server can carry, about as many are answered as from a full queue, with a
    // p99 of .4 to .7 of what it was: docs/performance.md.
    absl::Duration calm = absl::Seconds(1);
  };

  explicit WorkQueue(const Options& options);
  ~WorkQueue();

  // False: refused, and `work` is gone. `units`: how much it is, such as queries; at least 1. But under overload,
  // when it too takes only what may begin now, an empty queue refuses nothing.
  bool TryAdd(int units, Work work) ABSL_LOCKS_EXCLUDED(mutex_);

  // Does `work` on the caller's thread. False: it is not done, but is to be added, and does not count as work.
  void DoHere(int units, absl::FunctionRef<bool()> work);

  // How long a unit took lately, in time of a processor, be it done here or by the queue's threads: some are measured.
  absl::Duration unit_cost() const { return absl::Nanoseconds(unit_cost_ns_.load(std::memory_order_relaxed)); }
  // Counts as one measurement of work, whose thread had a processor to itself.
  void Observe(int units, absl::Duration took);

 private:
  struct Entry {
    int units;
    Work work;
    absl::Duration added;  // When: points in time are told by how long the machine has run, which nobody sets.
    absl::Duration patience;
  };

  // Whether what is added may wait its turn.
  bool MayWait(absl::Duration patience, absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether, under overload, work may be begun now; if so it counts as begun.
  bool MayBegin(int units, absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsOverloaded(absl::Duration now) const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return now - refused_ < options_.calm;
  }
  // Looks at what the processors did since the last time, if that was long enough ago.
  void AdjustInterval(absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Duration queued_cost() const { return absl::Nanoseconds(queued_cost_ns_.load(std::memory_order_relaxed)); }
  absl::Duration pace() const { return absl::Nanoseconds(unit_pace_ns_.load(std::memory_order_relaxed)); }
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  bool HasSomethingToDo() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || !queue_.empty(); }

  const Options options_;
  std::atomic<int64_t> unit_cost_ns_ = 0;
  std::atomic<int64_t> queued_cost_ns_ = 0;  // Of what the queue's threads do alone.
  std::atomic<int64_t> unit_pace_ns_ = 0;    // Of the same, as the clock goes: more, where threads share processors.
  absl::Mutex mutex_;
  std::deque<Entry> queue_ ABSL_GUARDED_BY(mutex_);
  absl::Duration waiting_since_ ABSL_GUARDED_BY(mutex_);  // Where the queue is not empty: since when it has not been.
  absl::Duration refused_ ABSL_GUARDED_BY(mutex_) = -absl::InfiniteDuration();  // When it last did.
  int64_t queued_units_ ABSL_GUARDED_BY(mutex_) = 0;
  unsigned begun_ ABSL_GUARDED_BY(mutex_) = 0;
  // Under overload: between two units of work, when the next may begin, and what the processors did since when.
  absl::Duration interval_ ABSL_GUARDED_BY(mutex_);
  absl::Duration next_begin_ ABSL_GUARDED_BY(mutex_);
  absl::Duration window_begin_ ABSL_GUARDED_BY(mutex_);
  absl::Duration window_time_ ABSL_GUARDED_BY(mutex_);
  double busy_ ABSL_GUARDED_BY(mutex_) = 0;  // The share of the processors that is used, as of the last windows.
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace kindred
