#include "server/connection_acceptor.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/raw_connection.h"
#include "tests/server/wait_until.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::RawConnection;
using ::kindred::testing::WaitUntil;
using ::testing::HasSubstr;

// Takes connections, and closes them when told; counts those that were refused.
class Taker {
 public:
  auto Take() {
    return [this](int, int fd) {
      const absl::MutexLock lock(&mutex_);
      fds_.push_back(fd);
    };
  }
  auto Refuse() {
    return [this] { ++refused_; };
  }
  int64_t refused() const { return refused_; }
  size_t taken() {
    const absl::MutexLock lock(&mutex_);
    return fds_.size();
  }
  void CloseAll() {
    const absl::MutexLock lock(&mutex_);
    for (const int fd : fds_) ::close(fd);
    fds_.clear();
  }

 private:
  absl::Mutex mutex_;
  std::vector<int> fds_;
  std::atomic<int64_t> refused_ = 0;
};

TEST(ConnectionAcceptorTest, ConnectionsAboveTheLimitAreClosedAndThoseAfterThemTakenAgain) {
  Taker taker;
  // The test's own ends take file descriptors too: they are open before the acceptor counts.
  std::vector<std::unique_ptr<RawConnection>> connections;
  ASSERT_OK_AND_ASSIGN(const auto acceptor, ConnectionAcceptor::Listen("127.0.0.1:0"));
  for (int i = 0; i < 30; ++i) connections.push_back(std::make_unique<RawConnection>(acceptor->port()));
  acceptor->Start(20, taker.Take(), taker.Refuse());
  ASSERT_TRUE(WaitUntil([&] { return taker.refused() + static_cast<int64_t>(taker.taken()) == 30; }));
  EXPECT_EQ(taker.taken(), 20U);
  EXPECT_TRUE(connections.back()->WaitForEnd()) << "the last ones were closed";
  taker.CloseAll();
  connections.clear();
  const RawConnection next(acceptor->port());
  EXPECT_TRUE(WaitUntil([&] { return taker.taken() == 1; }));
  taker.CloseAll();
}

TEST(ConnectionAcceptorTest, StoppedItRefuses) {
  Taker taker;
  ASSERT_OK_AND_ASSIGN(const auto acceptor, ConnectionAcceptor::Listen("127.0.0.1:0"));
  acceptor->Start(20, taker.Take(), taker.Refuse());
  acceptor->Stop();
  EXPECT_FALSE(RawConnection(acceptor->port()).connected());
}

TEST(ConnectionAcceptorTest, OutOfFileDescriptorsItGoesOnWhenThereAreSome) {
  Taker taker;
  ASSERT_OK_AND_ASSIGN(const auto acceptor, ConnectionAcceptor::Listen("127.0.0.1:0"));
  const RawConnection waiting(acceptor->port());
  rlimit was = {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &was), 0);
  rlimit none = was;
  none.rlim_cur = 1;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  acceptor->Start(1000, taker.Take(), taker.Refuse());
  EXPECT_EQ(taker.taken(), 0U);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &was), 0);
  EXPECT_TRUE(WaitUntil([&] { return taker.taken() == 1; }));
  taker.CloseAll();
}

TEST(ConnectionAcceptorTest, AddressThatIsNoneIsRefused) {
  EXPECT_THAT(ConnectionAcceptor::Listen("banana"), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("banana")));
}

TEST(RaiseFileLimitTest, TakesWhatTheSystemAllows) {
  rlimit limit = {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(RaiseFileLimit(), static_cast<int>(std::min<rlim_t>(limit.rlim_max, 1 << 30)));
}

}  // namespace
}  // namespace kindred
