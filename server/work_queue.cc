#include "server/work_queue.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>

namespace kindred {
namespace {

// The weight of the newest measurement in the moving average is one in so many.
constexpr int64_t kMemory = 32;
// One in so many is measured of the work that is done on the caller's thread, because that takes half a microsecond,
// and as many of the queue's, so that both count alike. Odd, so that of two kinds that take turns on a thread, one for
// each queue, both are.
constexpr unsigned kMeasured = 17;

// Since the machine started.
absl::Duration Now() { return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch()); }

// Which what else the machine does does not change.
absl::Duration ThreadTime() {
  timespec time = {};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return absl::DurationFromTimespec(time);
}

// One measurement counts for no more than this: the first call of all, which finds everything cold, is no rule.
constexpr absl::Duration kDearest = absl::Milliseconds(1);
// And this, as the clock goes: one that found the machine standing still is none either.
constexpr absl::Duration kSlowest = absl::Milliseconds(10);

// Two threads at once may lose one's share, which is as well.
void Add(absl::Duration newest, std::atomic<int64_t>& average_ns) {
  const int64_t before = average_ns.load(std::memory_order_relaxed);
  average_ns.store(before + (absl::ToInt64Nanoseconds(newest) - before) / kMemory, std::memory_order_relaxed);
}

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
  const absl::Duration now = Now();
  const absl::Duration pace = absl::Nanoseconds(unit_pace_ns_.load(std::memory_order_relaxed));
  const absl::Duration patience = std::max(options_.max_wait, 2 * units * pace);
  const absl::MutexLock lock(&mutex_);
  if (queue_.empty()) {
    waiting_since_ = now;
  } else {
    const absl::Duration wait = std::max(queued_units_ * pace / options_.threads, now - queue_.front().added);
    const bool burst = now - waiting_since_ <= options_.burst && now - refused_ >= options_.calm;
    if (wait > (burst ? std::max(patience, options_.burst) : patience)) {
      refused_ = now;
      return false;
    }
  }
  queue_.push_back({units, std::move(work), now, patience});
  queued_units_ += units;
  return true;
}

void WorkQueue::DoHere(int units, absl::FunctionRef<bool()> work) {
  thread_local unsigned done = 0;
  if (done++ % kMeasured != 0) {
    work();
    return;
  }
  const absl::Duration begin = ThreadTime();
  if (work()) Add(std::min((ThreadTime() - begin) / units, kDearest), unit_cost_ns_);
}

void WorkQueue::Observe(int units, absl::Duration took) {
  Add(std::min(took / units, kDearest), unit_cost_ns_);
  Add(std::min(took / units, kSlowest), unit_pace_ns_);
}

void WorkQueue::Run() {
  while (true) {
    Entry next;
    bool standing = false, measured = false, overloaded = false;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WorkQueue::HasSomethingToDo));
      if (queue_.empty()) return;
      next = std::move(queue_.front());
      queue_.pop_front();
      queued_units_ -= next.units;
      measured = taken_++ % kMeasured == 0;
      const absl::Duration now = Now();
      standing = !queue_.empty() && now - waiting_since_ > options_.burst;
      overloaded = now - refused_ < options_.calm;
    }
    const absl::Duration begin_cost = measured ? ThreadTime() : absl::ZeroDuration();
    const absl::Duration begin = Now();
    const bool late = standing && begin - next.added > next.patience;  // Alone, it is worth doing however late.
    next.work(late);
    // So that threads that read calls, and say no, go on now, and not when the system next looks at who may run. What
    // they take belongs to this queue's pace.
    if (overloaded) std::this_thread::yield();
    if (late) continue;
    Add(std::min((Now() - begin) / next.units, kSlowest), unit_pace_ns_);
    if (measured) Add(std::min((ThreadTime() - begin_cost) / next.units, kDearest), unit_cost_ns_);
  }
}

}  // namespace kindred
