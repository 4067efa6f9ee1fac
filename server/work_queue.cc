#include "server/work_queue.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

namespace kindred {
namespace {

// The weight of the newest measurement in the moving average. One that was held up by the machine counts in part.
constexpr int64_t kNewest = 32;
constexpr absl::Duration kLongest = absl::Milliseconds(10);

}  // namespace

WorkQueue::WorkQueue(const Options& options) : options_(options) {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkQueue::~WorkQueue() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

bool WorkQueue::TryAdd(int units, Work work) {
  const absl::Duration cost = unit_cost();
  const absl::Duration patience = std::max(options_.max_wait, 2 * units * cost);
  const absl::MutexLock lock(&mutex_);
  if (!queue_.empty() && queued_units_ * cost / options_.threads > patience) return false;
  queue_.push_back({units, std::move(work)});
  queued_units_ += units;
  return true;
}

void WorkQueue::Observe(int units, absl::Duration took) {
  const int64_t newest = absl::ToInt64Nanoseconds(std::min(took / units, kLongest));
  const int64_t before = unit_cost_ns_.load(std::memory_order_relaxed);
  // Two threads at once may lose one's share, which is as well.
  unit_cost_ns_.store(before == 0 ? newest : before + (newest - before) / kNewest, std::memory_order_relaxed);
}

void WorkQueue::Run() {
  while (true) {
    Entry next;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WorkQueue::HasSomethingToDo));
      if (queue_.empty()) return;
      next = std::move(queue_.front());
      queue_.pop_front();
      queued_units_ -= next.units;
    }
    const absl::Time begin = absl::Now();
    next.work();
    Observe(next.units, absl::Now() - begin);
  }
}

}  // namespace kindred
