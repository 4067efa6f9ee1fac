#include "server/listen_address.h"

#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// Longer than a name may be, so that nobody asks the network for it.
const std::string kNoHost(64, 'x');

TEST(ListenAddressTest, ReadsHostAndPort) {
  const struct {
    const char* text;
    const char* host;
    uint16_t port;
  } kCases[] = {{"127.0.0.1:50051", "127.0.0.1", 50051},
                {"localhost:0", "localhost", 0},
                {"[::1]:65535", "::1", 65535},
                {"search.example:1", "search.example", 1}};
  for (const auto& c : kCases) {
    ASSERT_OK_AND_ASSIGN(const ListenAddress address, ParseListenAddress(c.text));
    EXPECT_EQ(address.host, c.host);
    EXPECT_EQ(address.port, c.port);
  }
}

TEST(ListenAddressTest, AnythingElseIsRefusedWithAnExample) {
  for (const char* text : {"", "banana", "50051", ":50051", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:-1",
                           "127.0.0.1:+1", "127.0.0.1:65536", "127.0.0.1: 1", "::1:50051", "[]:1", "[127.0.0.1]:1",
                           "unix:/tmp/socket", "http://127.0.0.1:1"}) {
    EXPECT_THAT(ParseListenAddress(text),
                HasStatus(absl::StatusCode::kInvalidArgument,
                          AllOf(HasSubstr(absl::StrCat("\"", text, "\"")), HasSubstr("such as 127.0.0.1:50051"))));
    EXPECT_THAT(OpenListenSockets(text), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("HOST:PORT")));
    EXPECT_THAT(IsLoopback(text), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("HOST:PORT")));
  }
}

TEST(ListenAddressTest, ListensAtAFreePort) {
  ASSERT_OK_AND_ASSIGN(const ListenSockets sockets, OpenListenSockets("127.0.0.1:0"));
  EXPECT_THAT(sockets.fds, SizeIs(1));
  EXPECT_GT(sockets.port, 0);
  EXPECT_THAT(OpenListenSockets(absl::StrCat("127.0.0.1:", sockets.port)),
              HasStatus(absl::StatusCode::kUnavailable, HasSubstr("the port is in use")));
  ::close(sockets.fds[0]);
}

TEST(ListenAddressTest, SaysWhyItCannotListen) {
  EXPECT_THAT(OpenListenSockets("192.0.2.1:0"),  // Kept for documentation: nobody's.
              HasStatus(absl::StatusCode::kUnavailable, HasSubstr("the address is not this machine's")));
  EXPECT_THAT(OpenListenSockets(absl::StrCat(kNoHost, ":0")),
              HasStatus(absl::StatusCode::kUnavailable, HasSubstr(absl::StrCat("no address of \"", kNoHost, "\""))));
}

TEST(ListenAddressTest, KnowsWhatOnlyThisMachineReaches) {
  for (const char* text : {"127.0.0.1:0", "127.9.9.9:0", "localhost:0", "[::1]:0"}) {
    ASSERT_OK_AND_ASSIGN(const bool loopback, IsLoopback(text));
    EXPECT_TRUE(loopback) << text;
  }
  for (const std::string& text :
       std::vector<std::string>{"0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[2001:db8::1]:0", kNoHost + ":0"}) {
    ASSERT_OK_AND_ASSIGN(const bool loopback, IsLoopback(text));
    EXPECT_FALSE(loopback) << text;
  }
}

}  // namespace
}  // namespace kindred
