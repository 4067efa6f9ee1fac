#include "index/build/isolated_work.h"

#include <unistd.h>

#include <csignal>
#include <new>
#include <stdexcept>
#include <thread>

#include "common/shutdown_signal.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::testing::HasSubstr;

class RunIsolatedTest : public ::testing::Test {
 protected:
  void SetUp() override {
    pthread_sigmask(SIG_SETMASK, nullptr, &before_);
    BlockShutdownSignals();
  }
  void TearDown() override { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  sigset_t before_;
};

TEST_F(RunIsolatedTest, GivesWhatTheWorkReturnsAndKeepsItsMemoryApart) {
  int here = 0;
  ASSERT_OK_AND_ASSIGN(const int there, RunIsolated([&] { return here = 7; }));
  EXPECT_EQ(there, 7);
  EXPECT_EQ(here, 0);
}

TEST_F(RunIsolatedTest, ACrashIsAnErrorThatNamesTheSignal) {
  const auto crashed = RunIsolated([] { return ::kill(::getpid(), SIGUSR1); });
  EXPECT_THAT(crashed, HasStatus(absl::StatusCode::kInternal, HasSubstr("signal 10")));
  const auto killed = RunIsolated([] { return ::kill(::getpid(), SIGKILL); });
  EXPECT_THAT(killed, HasStatus(absl::StatusCode::kUnavailable, HasSubstr("signal 9")));
}

// On a thread, since the test's own is one whose exceptions are caught.
TEST_F(RunIsolatedTest, WantOfMemoryIsNoCrash) {
  const auto refused = RunIsolated([] {
    std::thread([] { throw std::bad_alloc(); }).join();
    return 0;
  });
  EXPECT_THAT(refused, HasStatus(absl::StatusCode::kUnavailable, HasSubstr("out of memory")));
  const auto crashed = RunIsolated([] {
    std::thread([] { throw std::runtime_error("odd"); }).join();
    return 0;
  });
  EXPECT_THAT(crashed, HasStatus(absl::StatusCode::kInternal, HasSubstr("signal 6")));
}

TEST_F(RunIsolatedTest, AShutdownSignalAbandonsTheWork) {
  for (const int signal : {SIGTERM, SIGINT}) {
    std::raise(signal);  // Stays pending until the work is waited for.
    EXPECT_THAT(RunIsolated([] { return ::pause(); }), HasStatus(absl::StatusCode::kCancelled, HasSubstr("stop")));
  }
}

}  // namespace
}  // namespace kindred
