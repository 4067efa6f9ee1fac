#include "server/work_queue.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>

#include "common/machine_limits.h"

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

// Under overload, what the processors have left when all others have been refused is for work: so much of their time is
// to be used, as measured in such windows. Chosen with overload_bench at two and four times the capacity of one
// processor: with .92 fewer are answered, with .97 later.
constexpr double kBusy = .95;
constexpr absl::Duration kWindow = absl::Milliseconds(10);
// A window that lasted longer than this tells nothing of now.
constexpr absl::Duration kLongestWindow = absl::Seconds(1);
// Between units of work, in times of the shortest interval, in which twice as much comes as can be done: at first, and
// at most, since some is always begun.
constexpr double kFirstInterval = 8, kLongestInterval = 40;
// The most that an interval shrinks and grows by in a window. It grows by 1 / kBusy, but where it must not be believed.
constexpr double kShrinks = .5, kGrows = 1.1;
// Work that takes so many times longer than the processor time that it needs tells that others have the processors.
constexpr double kStarved = 4;
// The processors have time: what is refused came in a burst.
constexpr double kIdle = .5;
// The weight of the newest window in busy_ is one in so many: together they last about as long as a second.
constexpr double kWindows = 32;

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
  const absl::MutexLock lock(&mutex_);
  const absl::Duration patience = std::max(options_.max_wait, 2 * units * pace());
  if (!MayWait(patience, now)) {
    refused_ = now;
    return false;
  }
  if (IsOverloaded(now) && !MayBegin(units, now)) {
    if (busy_ > kIdle) refused_ = now;
    return false;
  }
  queue_.push_back({units, std::move(work), now, patience});
  queued_units_ += units;
  return true;
}

bool WorkQueue::MayWait(absl::Duration patience, absl::Duration now) {
  if (queue_.empty()) {
    waiting_since_ = now;
    return true;
  }
  const absl::Duration wait = std::max(queued_units_ * pace() / options_.threads, now - queue_.front().added);
  const bool burst = now - waiting_since_ <= options_.burst && !IsOverloaded(now);
  return wait <= (burst ? std::max(patience, options_.burst) : patience);
}

bool WorkQueue::MayBegin(int units, absl::Duration now) {
  AdjustInterval(now);
  if (now < next_begin_) return false;
  // Of what was not used, as much as may wait, or two of a kind at once.
  const absl::Duration span = interval_ * units;
  next_begin_ = std::max(next_begin_, now - std::max(options_.max_wait, span)) + span;
  return true;
}

void WorkQueue::AdjustInterval(absl::Duration now) {
  const absl::Duration passed = now - window_begin_;
  if (passed < kWindow) return;
  const absl::Duration time = ProcessorTime();
  const double busy = absl::FDivDuration(time - window_time_, passed * options_.processors);
  window_begin_ = now;
  window_time_ = time;
  const absl::Duration least = queued_cost() / (2 * options_.processors);
  if (passed > kLongestWindow) {
    interval_ = kFirstInterval * least;
    return;
  }
  busy_ += (busy - busy_) * std::min(1., absl::FDivDuration(passed, kWindow) / kWindows);
  if (pace() > kStarved * queued_cost()) {
    busy_ = 1;
    // Not more slowly than the threads get it done, be it that they wait for the disk.
    interval_ = std::min(kGrows * interval_, std::max(interval_, pace() / options_.threads));
  } else {
    interval_ *= std::max(kShrinks, busy / kBusy);
  }
  interval_ = std::clamp(interval_, least, kLongestInterval * least);
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
  Add(std::min(took / units, kSlowest), queued_cost_ns_);
  Add(std::min(took / units, kSlowest), unit_pace_ns_);
}

void WorkQueue::Run() {
  while (true) {
    Entry next;
    bool hopeless = false, measured = false;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WorkQueue::HasSomethingToDo));
      if (queue_.empty()) return;
      next = std::move(queue_.front());
      queue_.pop_front();
      queued_units_ -= next.units;
      measured = begun_++ % kMeasured == 0;
      const absl::Duration now = Now();
      const bool others_wait = !queue_.empty();  // Alone, it is worth doing however late.
      hopeless = others_wait && (IsOverloaded(now) || now - waiting_since_ > options_.burst);
    }
    const absl::Duration begin_cost = measured ? ThreadTime() : absl::ZeroDuration();
    const absl::Duration begin = Now();
    const bool late = hopeless && begin - next.added > next.patience;
    next.work(late);
    if (late) continue;
    Add(std::min((Now() - begin) / next.units, kSlowest), unit_pace_ns_);
    if (!measured) continue;
    const absl::Duration cost = (ThreadTime() - begin_cost) / next.units;
    Add(std::min(cost, kDearest), unit_cost_ns_);
    Add(std::min(cost, kSlowest), queued_cost_ns_);
  }
}

}  // namespace kindred
