#include "common/spinning_lock.h"

#include <unistd.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
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

bool Sleeps(pid_t thread) {
  std::ifstream file(absl::StrCat("/proc/self/task/", thread, "/stat"));
  std::string number, name, state;
  file >> number >> name >> state;
  return state == "S";
}

TEST(SpinningLockTest, WhoHoldsItForLongIsWaitedForAsleep) {
  absl::Mutex mutex;
  bool done = false;
  std::thread other;
  {
    const SpinningLock lock(&mutex);
    std::atomic<pid_t> waiting = 0;
    other = std::thread([&] {
      waiting = ::gettid();
      const SpinningLock waits(&mutex);
      EXPECT_TRUE(done);
    });
    while (waiting == 0 || !Sleeps(waiting)) std::this_thread::yield();
    done = true;
  }
  other.join();
}

}  // namespace
}  // namespace kindred
