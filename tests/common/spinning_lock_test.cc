#include "common/spinning_lock.h"

#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(SpinningLockTest, OneThreadHoldsItAtATime) {
  absl::Mutex mutex;
  int held = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 10'000; ++turn) {
        const SpinningLock lock(&mutex);
        ++held;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(held, 40'000);
}

TEST(SpinningLockTest, WhoHoldsItForLongIsWaitedFor) {
  absl::Mutex mutex;
  bool done = false;
  std::thread other;
  {
    const SpinningLock lock(&mutex);
    other = std::thread([&] {
      const SpinningLock waits(&mutex);
      EXPECT_TRUE(done);
    });
    absl::SleepFor(absl::Milliseconds(20));  // Longer than it asks again.
    done = true;
  }
  other.join();
}

}  // namespace
}  // namespace kindred
