#include "server/work_queue.h"

#include <atomic>
#include <memory>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

// A queue of one thread that is busy until the test lets it go on, and has learnt that a unit takes a millisecond.
class WorkQueueTest : public ::testing::Test {
 protected:
  WorkQueueTest() {
    EXPECT_TRUE(queue_->TryAdd(1, [this] {
      begun_.Notify();
      let_go_.WaitForNotification();
    }));
    begun_.WaitForNotification();
    queue_->Observe(1, absl::Milliseconds(1));
  }
  ~WorkQueueTest() override {
    if (!let_go_.HasBeenNotified()) let_go_.Notify();
  }
  bool Add(int units) {
    return queue_->TryAdd(units, [this] { ++done_; });
  }
  // All that was added is done when this returns.
  void Finish() {
    let_go_.Notify();
    queue_.reset();
  }

  absl::Notification begun_;
  absl::Notification let_go_;
  std::atomic<int> done_ = 0;
  std::unique_ptr<WorkQueue> queue_ =
      std::make_unique<WorkQueue>(WorkQueue::Options{.threads = 1, .max_wait = absl::Milliseconds(3)});
};

TEST_F(WorkQueueTest, TakesNoMoreThanWillBeBegunSoon) {
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(Add(1)) << "waits " << i << " ms";
  EXPECT_FALSE(Add(1)) << "would wait 4 ms";
  EXPECT_FALSE(Add(1));
  Finish();
  EXPECT_EQ(done_, 4);
}

TEST_F(WorkQueueTest, WorkWeighsItsUnits) {
  EXPECT_TRUE(Add(100)) << "an empty queue refuses nothing";
  EXPECT_FALSE(Add(1));
  EXPECT_FALSE(Add(49));
  EXPECT_TRUE(Add(50)) << "waits no longer than twice what it takes itself";
  Finish();
  EXPECT_EQ(done_, 2);
}

TEST_F(WorkQueueTest, TakesAgainAsSoonAsItHasCaughtUp) {
  EXPECT_TRUE(Add(100));
  EXPECT_FALSE(Add(1));
  absl::Notification caught_up;
  EXPECT_TRUE(queue_->TryAdd(100, [&caught_up] { caught_up.Notify(); }));
  let_go_.Notify();
  caught_up.WaitForNotification();
  EXPECT_TRUE(Add(1));
  queue_.reset();
  EXPECT_EQ(done_, 2);
}

TEST(WorkQueueCostTest, FollowsWhatWorkTakes) {
  WorkQueue queue({.threads = 1});
  EXPECT_EQ(queue.unit_cost(), absl::ZeroDuration());
  queue.Observe(10, absl::Milliseconds(1));
  EXPECT_EQ(queue.unit_cost(), absl::Microseconds(100));
  for (int i = 0; i < 1000; ++i) queue.Observe(1, absl::Microseconds(10));
  EXPECT_LT(queue.unit_cost(), absl::Microseconds(11));
  queue.Observe(1, absl::Hours(1));
  EXPECT_LT(queue.unit_cost(), absl::Milliseconds(1)) << "one that was held up counts in part";
}

TEST(WorkQueueCostTest, WorkIsMeasured) {
  WorkQueue queue({.threads = 1});
  absl::Notification done;
  ASSERT_TRUE(queue.TryAdd(1, [] {}));
  ASSERT_TRUE(queue.TryAdd(1, [&done] { done.Notify(); }));
  done.WaitForNotification();
  EXPECT_GT(queue.unit_cost(), absl::ZeroDuration());
}

}  // namespace
}  // namespace kindred
