#include "common/shutdown_signal.h"

#include <csignal>
#include <thread>

#include "gtest/gtest.h"

namespace kindred {
namespace {

// Signals are sent to this thread: other tests of this process may have left threads that do not block them.
class ShutdownSignalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    pthread_sigmask(SIG_SETMASK, nullptr, &before_);
    BlockShutdownSignals();
  }
  void TearDown() override { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  sigset_t before_;
};

TEST_F(ShutdownSignalTest, SignalsAreWaitedForAndNotFatal) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    std::raise(signal);
    EXPECT_EQ(WaitForShutdownSignal(), signal);
  }
}

TEST_F(ShutdownSignalTest, ThreadsMadeLaterLeaveThemToTheWaiter) {
  std::thread thread([] {
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    EXPECT_TRUE(sigismember(&blocked, SIGTERM));
    EXPECT_TRUE(sigismember(&blocked, SIGINT));
    EXPECT_TRUE(sigismember(&blocked, SIGPIPE));
  });
  thread.join();
}

TEST_F(ShutdownSignalTest, UnderNohupAHangupIsNothing) {
  const auto before = std::signal(SIGHUP, SIG_IGN);
  std::raise(SIGHUP);
  EXPECT_EQ(WaitForShutdownSignal(absl::ZeroDuration()), std::nullopt);
  std::signal(SIGHUP, before);
  EXPECT_EQ(WaitForShutdownSignal(), SIGHUP);  // It was kept, as blocked signals are.
}

TEST_F(ShutdownSignalTest, WaitsNoLongerThanAsked) {
  EXPECT_EQ(WaitForShutdownSignal(absl::ZeroDuration()), std::nullopt);
  EXPECT_EQ(WaitForShutdownSignal(absl::Milliseconds(1)), std::nullopt);
  std::raise(SIGTERM);
  EXPECT_EQ(WaitForShutdownSignal(absl::Hours(1)), SIGTERM);
}

}  // namespace
}  // namespace kindred
