#include "server/work_queue.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "tests/server/wait_until.h"

namespace kindred {
namespace {

using ::kindred::testing::WaitUntil;

// A queue of one thread that is busy until the test lets it go on, and has learnt that a unit takes ten milliseconds.
class WorkQueueTest : public ::testing::Test {
 protected:
  WorkQueueTest() {
    EXPECT_TRUE(queue_->TryAdd(1, [this](bool) {
      begun_.Notify();
      let_go_.WaitForNotification();
    }));
    begun_.WaitForNotification();
    for (int i = 0; i < 2000; ++i) queue_->Observe(1, absl::Milliseconds(10));
  }
  ~WorkQueueTest() override {
    if (!let_go_.HasBeenNotified()) let_go_.Notify();
  }
  bool Add(int units) {
    return queue_->TryAdd(units, [this](bool late) { done_ += late ? 0 : 1; });
  }
  // All that was added is done when this returns.
  void Finish() {
    let_go_.Notify();
    queue_.reset();
  }

  absl::Notification begun_;
  absl::Notification let_go_;
  std::atomic<int> done_ = 0;
  std::unique_ptr<WorkQueue> queue_ = std::make_unique<WorkQueue>(WorkQueue::Options{
      .threads = 1, .max_wait = absl::Hours(1), .burst = absl::ZeroDuration(), .calm = absl::ZeroDuration()});
};

constexpr int kHour = 360'001;  // In units, which are a little less than ten milliseconds.

TEST_F(WorkQueueTest, TakesNoMoreThanWillBeBegunSoon) {
  EXPECT_TRUE(Add(1));
  EXPECT_TRUE(Add(kHour - 1));
  EXPECT_TRUE(Add(1)) << "waits an hour";
  EXPECT_FALSE(Add(1)) << "would wait longer";
  EXPECT_FALSE(Add(1));
  Finish();
  EXPECT_EQ(done_, 3);
}

TEST_F(WorkQueueTest, WorkWeighsItsUnits) {
  EXPECT_TRUE(Add(2 * kHour)) << "an empty queue refuses nothing";
  EXPECT_FALSE(Add(1));
  EXPECT_FALSE(Add(kHour - 1));
  EXPECT_TRUE(Add(kHour)) << "waits no longer than twice what it takes itself";
  Finish();
  EXPECT_EQ(done_, 2);
}

TEST(WorkQueueAgeTest, TakesNothingWhileSomethingWaitsTooLong) {
  absl::Notification let_go;
  WorkQueue queue(
      {.threads = 1, .max_wait = absl::Nanoseconds(1), .burst = absl::ZeroDuration(), .calm = absl::ZeroDuration()});
  const auto wait = [&let_go](bool) { let_go.WaitForNotification(); };
  EXPECT_TRUE(WaitUntil([&] { return !queue.TryAdd(1, wait); }));
  EXPECT_EQ(queue.unit_cost(), absl::ZeroDuration()) << "nothing is known of costs yet";
  let_go.Notify();
}

TEST(WorkQueueAgeTest, OneThatFoundTheMachineStandingStillIsNoRule) {
  absl::Notification let_go;
  WorkQueue queue({.threads = 1, .max_wait = absl::Minutes(1), .burst = absl::ZeroDuration()});
  queue.Observe(1, absl::Hours(1));
  const auto wait = [&let_go](bool) { let_go.WaitForNotification(); };
  EXPECT_TRUE(queue.TryAdd(10, wait));
  EXPECT_TRUE(queue.TryAdd(10, wait));
  EXPECT_TRUE(queue.TryAdd(1, wait));
  let_go.Notify();
}

TEST_F(WorkQueueTest, TakesAgainAsSoonAsItHasCaughtUp) {
  EXPECT_TRUE(Add(2 * kHour));
  EXPECT_FALSE(Add(1));
  absl::Notification caught_up;
  EXPECT_TRUE(queue_->TryAdd(2 * kHour, [&caught_up](bool) { caught_up.Notify(); }));
  let_go_.Notify();
  caught_up.WaitForNotification();
  EXPECT_TRUE(Add(1));
  queue_.reset();
  EXPECT_EQ(done_, 2);
}

TEST(WorkQueueBurstTest, NobodyIsRefusedForABurst) {
  absl::Notification begun;
  absl::Notification let_go;
  int in_time = 0;
  const auto count = [&in_time](bool late) { in_time += late ? 0 : 1; };
  {
    WorkQueue queue({.threads = 1, .max_wait = absl::ZeroDuration(), .burst = absl::Hours(1)});
    for (int i = 0; i < 2000; ++i) queue.Observe(1, absl::Milliseconds(10));
    EXPECT_TRUE(queue.TryAdd(1, [&](bool) {
      begun.Notify();
      let_go.WaitForNotification();
    }));
    begun.WaitForNotification();
    EXPECT_TRUE(queue.TryAdd(kHour, count));
    EXPECT_TRUE(queue.TryAdd(1, count)) << "waits as long as a burst may last";
    EXPECT_FALSE(queue.TryAdd(1, count)) << "would wait longer";
    let_go.Notify();
  }
  EXPECT_EQ(in_time, 2);
}

// Under overload from its first refusal on, with work that is known to take half a millisecond of a processor.
class OverloadedWorkQueueTest : public ::testing::Test {
 protected:
  OverloadedWorkQueueTest() {
    EXPECT_TRUE(queue_.TryAdd(1, [this](bool) {
      begun_.Notify();
      let_go_.WaitForNotification();
    }));
    begun_.WaitForNotification();
    for (int i = 0; i < 2000; ++i) queue_.Observe(1, kCost);
    EXPECT_TRUE(queue_.TryAdd(1, [](bool) {})) << "an empty queue refuses nothing";
    EXPECT_TRUE(WaitUntil([&] { return !queue_.TryAdd(1, [](bool) {}); }));
    let_go_.Notify();
    EXPECT_TRUE(WaitUntil([&] { return TryToDo(1); }));
  }

  // Whether it was taken; if so, it is done.
  bool TryToDo(int units) {
    absl::Notification done;
    if (!queue_.TryAdd(units, [&done](bool) { done.Notify(); })) return false;
    done.WaitForNotification();
    return true;
  }

  static constexpr absl::Duration kCost = absl::Microseconds(500);
  static constexpr int kProcessors = 4;
  absl::Notification begun_, let_go_;
  WorkQueue queue_{{.threads = 1,
                    .processors = kProcessors,
                    .max_wait = absl::Milliseconds(3),
                    .burst = absl::ZeroDuration(),
                    .calm = absl::Hours(1)}};
};

TEST_F(OverloadedWorkQueueTest, WorkIsBegunNoFasterThanTwiceWhatTheProcessorsCanDo) {
  const auto begin = std::chrono::steady_clock::now();
  const auto passed = [&begin] { return absl::FromChrono(std::chrono::steady_clock::now() - begin); };
  int taken = 0;
  while (passed() < absl::Milliseconds(50)) {
    taken += queue_.TryAdd(1, [](bool) {}) ? 1 : 0;
    for (int i = 0; i < 100; ++i) queue_.Observe(1, kCost);  // The work of this test takes nothing.
  }
  // What had gathered before, as far as it may wait, and one more. A unit is known to take a little less than it does.
  const double most = absl::FDivDuration(passed() + absl::Milliseconds(4), .95 * kCost / (2 * kProcessors)) + 1;
  EXPECT_LT(taken, most);
  EXPECT_GT(taken, 0);
}

TEST_F(OverloadedWorkQueueTest, WhatComesNowAndThenIsTaken) {
  for (int i = 0; i < 20; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(WaitUntil([&] { return std::chrono::steady_clock::now() - begin > std::chrono::milliseconds(5); }));
    EXPECT_TRUE(TryToDo(1));
  }
}

TEST_F(OverloadedWorkQueueTest, WorkWeighsItsUnits) {
  EXPECT_TRUE(WaitUntil([&] { return TryToDo(1'000'000); }));
  // Which keep the processors busy for a minute, where one keeps them for less than a thousandth of a second.
  const auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(20)) ASSERT_FALSE(TryToDo(1));
}

// A refusal while the processors have time is no overload.
TEST(WorkQueueCalmTest, PairsOfLargeWorkAreSoonTakenWhole) {
  WorkQueue queue({.threads = 1,
                   .processors = 1000,  // Of which little is used.
                   .max_wait = absl::ZeroDuration(),
                   .burst = absl::ZeroDuration(),
                   .calm = absl::Milliseconds(50)});
  const auto learn = [&queue] {
    for (int i = 0; i < 2000; ++i) queue.Observe(1, absl::Milliseconds(1));
  };
  learn();
  absl::Notification begun, let_go;
  EXPECT_TRUE(queue.TryAdd(1, [&](bool) {
    begun.Notify();
    let_go.WaitForNotification();
  }));
  begun.WaitForNotification();
  EXPECT_TRUE(WaitUntil([&] { return !queue.TryAdd(1, [](bool) {}); }));
  let_go.Notify();
  const auto take_pair = [&] {
    std::atomic<int> done = 0;
    const auto count = [&done](bool) { ++done; };
    // 50 ms at twice what the processors can do.
    const int taken = (queue.TryAdd(100'000, count) ? 1 : 0) + (queue.TryAdd(100'000, count) ? 1 : 0);
    EXPECT_TRUE(WaitUntil([&] { return done == taken; }));
    learn();  // The work of this test takes nothing.
    return taken == 2;
  };
  take_pair();  // Of what was not used before.
  EXPECT_TRUE(WaitUntil(take_pair));
}

TEST(WorkQueueAgeTest, WhatWaitedTooLongAfterAllIsToldSoWhereOthersWait) {
  absl::Notification begun;
  absl::Notification let_go;
  std::atomic<int> late_ones = 0;
  const auto count = [&late_ones](bool late) { late_ones += late ? 1 : 0; };
  {
    WorkQueue queue({.threads = 1, .max_wait = absl::ZeroDuration(), .burst = absl::ZeroDuration()});
    for (int i = 0; i < 2000; ++i) queue.Observe(1, absl::Milliseconds(10));
    EXPECT_TRUE(queue.TryAdd(1, [&](bool) {
      begun.Notify();
      let_go.WaitForNotification();
    }));
    begun.WaitForNotification();
    EXPECT_TRUE(queue.TryAdd(1, count)) << "which may wait for 20 ms";
    const absl::Time added = absl::Now();
    EXPECT_TRUE(queue.TryAdd(kHour, count));
    EXPECT_TRUE(WaitUntil([&added] { return absl::Now() > added + absl::Milliseconds(20); }));
    let_go.Notify();
  }
  EXPECT_EQ(late_ones, 1);
}

TEST(WorkQueueCostTest, FollowsWhatWorkTakes) {
  WorkQueue queue({.threads = 1});
  EXPECT_EQ(queue.unit_cost(), absl::ZeroDuration());
  queue.Observe(1, absl::Hours(1));
  EXPECT_LT(queue.unit_cost(), absl::Microseconds(50)) << "one is no rule";
  for (int i = 0; i < 1000; ++i) queue.Observe(10, absl::Milliseconds(1));
  EXPECT_GT(queue.unit_cost(), absl::Microseconds(99));
  EXPECT_LE(queue.unit_cost(), absl::Microseconds(100));
  for (int i = 0; i < 1000; ++i) queue.Observe(1, absl::Microseconds(10));
  EXPECT_LT(queue.unit_cost(), absl::Microseconds(11));
}

TEST(WorkQueueCostTest, WorkOfTheCallersThreadIsDoneThereAndMeasured) {
  WorkQueue queue({.threads = 1});
  const std::thread::id here = std::this_thread::get_id();
  int done = 0;
  const auto work = [&](bool counts) {
    return [&done, here, counts] {
      done += std::this_thread::get_id() == here ? 1 : 0;
      return counts;
    };
  };
  for (int i = 0; i < 100; ++i) queue.DoHere(1, work(false));
  EXPECT_EQ(queue.unit_cost(), absl::ZeroDuration());
  for (int i = 0; i < 100; ++i) queue.DoHere(1, work(true));
  EXPECT_EQ(done, 200);
  EXPECT_GT(queue.unit_cost(), absl::ZeroDuration());
}

TEST(WorkQueueCostTest, WorkIsMeasured) {
  WorkQueue queue({.threads = 1, .max_wait = absl::Hours(1), .burst = absl::ZeroDuration()});
  absl::Notification done;
  ASSERT_TRUE(queue.TryAdd(1, [](bool) {}));
  ASSERT_TRUE(queue.TryAdd(1, [&done](bool) { done.Notify(); }));
  done.WaitForNotification();
  EXPECT_GT(queue.unit_cost(), absl::ZeroDuration());
}

}  // namespace
}  // namespace kindred
