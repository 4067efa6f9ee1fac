// Clients that send nonsense, or too much, or nothing, or vanish: others never notice.
#include <algorithm>
#include <atomic>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/related_search_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kindred/v1/related_search.pb.h"
#include "server/connection_acceptor.h"
#include "tests/server/http2_bytes.h"
#include "tests/server/http_get.h"
#include "tests/server/raw_connection.h"
#include "tests/server/test_server.h"
#include "tests/server/wait_until.h"
#include "tests/testing/child_process.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using namespace ::kindred::testing;  // NOLINT: bytes of every kind.
using ::testing::HasSubstr;

// A server, and a good client that asks all the time and must always be answered.
class HostileClientsTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(PublishTinyIndex(dir_.path(), MakeLists({{"tent", {"stove", "lamp"}}}))); }

  void Start(int max_connections = 10'000) {
    server_ = std::make_unique<ChildProcess>(std::vector<std::string>{
        std::string(KINDRED_BINARY_DIR) + "/bin/kindred-server", "--index", dir_.path(), "--listen=127.0.0.1:0",
        "--metrics_listen=127.0.0.1:0", "--drain_grace=0s", absl::StrCat("--max_connections=", max_connections)});
    ASSERT_TRUE(server_->ReadUntil("info serving ")) << server_->output();
    ASSERT_TRUE(server_->ReadUntil("metrics_port="));
    ASSERT_TRUE(server_->ReadUntil("\n"));
    good_client_ = std::jthread([this, client = Client()](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        EXPECT_OK(client->GetRelatedKeywords(Asking("tent")));
        ++answers_;
      }
    });
    ASSERT_TRUE(GoodClientGoesOn());
  }
  int port() const { return PortAfter(" port="); }
  int PortAfter(const std::string& name) const {
    const std::string& log = server_->output();
    return std::atoi(log.c_str() + log.find(name) + name.size());
  }
  std::unique_ptr<RelatedSearchClient> Client() const {
    return std::make_unique<RelatedSearchClient>(RelatedSearchClient::Options{
        .server = absl::StrCat("127.0.0.1:", port()), .deadline = absl::Seconds(60), .max_attempts = 1});
  }
  bool GoodClientGoesOn() {
    return WaitUntil([this, want = answers_ + 20] { return answers_ >= want; });
  }
  // Of the server; very many where it does not tell.
  int OpenFiles() const {
    const std::string metrics = HttpGet(PortAfter("metrics_port="), "/metrics"), name = "\nprocess_open_fds ";
    const size_t at = metrics.find(name);
    return at == std::string::npos ? INT_MAX : std::atoi(metrics.c_str() + at + name.size());
  }
  void TearDown() override {
    if (server_ == nullptr) return;  // Skipped.
    EXPECT_TRUE(GoodClientGoesOn());
    EXPECT_OK(Client()->GetRelatedKeywords(Asking("tent"))) << "a new client";
    good_client_ = {};
    server_->Signal(SIGTERM);
    EXPECT_EQ(server_->Wait(), 0) << "nobody keeps it from stopping";
  }

  const TempDir dir_;
  std::unique_ptr<ChildProcess> server_;
  std::atomic<int64_t> answers_ = 0;
  std::jthread good_client_;
};

TEST_F(HostileClientsTest, NonsenseEndsItsOwnConnectionOnly) {
  Start();
  std::string pings;
  for (int i = 0; i < 1000; ++i) pings += Frame(FrameType::kPing, 0, 0, "12345678");
  const std::string kNonsense[] = {
      "GET / HTTP/1.1\r\nHost: kindred\r\n\r\n",
      std::string(10'000, '\0'),
      std::string(10'000, '\xff'),
      absl::StrCat("\x16\x03\x01", std::string(100, 'x')),  // As a TLS client's first bytes.
      absl::StrCat(Hello(), std::string(100, '\xff')),
      absl::StrCat(Hello(), Frame(FrameType::kData, 0, 7, "no such stream"), std::string(100, '\xff')),
      absl::StrCat(Hello(), Frame(FrameType::kContinuation, 0, 1, "of nothing")),
      absl::StrCat(Hello(), Frame(FrameType::kHeaders, kEndHeaders, 1, std::string(100, '\xff'))),
      absl::StrCat(Hello(), BigEndian(0xFFFFFF, 3), "\x01\x04"),
      absl::StrCat(Hello(), pings),
  };
  for (const std::string& bytes : kNonsense) {
    const RawConnection connection(port());
    connection.Send(bytes);
    connection.FinishSending();
    EXPECT_TRUE(connection.WaitForEnd()) << bytes.substr(0, 100);
  }
}

TEST_F(HostileClientsTest, StalledCallsHoldNobodyUp) {
  Start();
  const std::string kHalves[] = {
      "PRI * HT",
      Hello(),
      absl::StrCat(Hello(), Frame(FrameType::kHeaders, 0, 1, CallHeaders(kGetMethod))),  // More headers to come.
      absl::StrCat(Hello(), Frame(FrameType::kHeaders, kEndHeaders, 1, CallHeaders(kGetMethod))),  // No message.
      absl::StrCat(Hello(), Frame(FrameType::kHeaders, kEndHeaders, 1, CallHeaders(kGetMethod)),
                   Frame(FrameType::kData, 0, 1, Message("half", 1000))),
      absl::StrCat(Hello(), Frame(FrameType::kHeaders, kEndHeaders, 1, CallHeaders(kGetMethod)),
                   Frame(FrameType::kData, 0, 1, Message("of a gibibyte", 1 << 30))),
      absl::StrCat(Hello(), Frame(FrameType::kHeaders, kEndHeaders, 1, CallHeaders(kGetMethod)), BigEndian(1000, 3),
                   "half"),
  };
  std::vector<std::unique_ptr<RawConnection>> stalled;
  for (int i = 0; i < 50; ++i) {
    for (const std::string& bytes : kHalves) {
      stalled.push_back(std::make_unique<RawConnection>(port()));
      stalled.back()->Send(bytes);
    }
  }
  EXPECT_TRUE(GoodClientGoesOn());
  EXPECT_OK(Client()->GetRelatedKeywords(Asking("tent")));
}

TEST_F(HostileClientsTest, ClientsThatReadNothingHoldNobodyUp) {
  Start();
  v1::BatchGetRelatedKeywordsRequest batch;
  for (int i = 0; i < 100; ++i) *batch.add_requests() = Asking("tent");
  std::vector<std::unique_ptr<RawConnection>> deaf;
  for (int i = 0; i < 20; ++i) {
    deaf.push_back(std::make_unique<RawConnection>(port(), /*receive_bytes=*/1024));
    std::string calls = Hello();
    for (uint32_t stream = 1; stream < 100; stream += 2)
      calls += CallBytes(stream, kBatchMethod, batch.SerializeAsString());
    deaf.back()->Send(calls);
  }
  EXPECT_TRUE(GoodClientGoesOn());
}

TEST_F(HostileClientsTest, VanishingClientsLeaveNothingBehind) {
  Start();
  const int before = OpenFiles();
  ASSERT_LT(before, INT_MAX);
  const std::string call = CallBytes(1, kGetMethod, Asking("tent").SerializeAsString());
  for (int i = 0; i < 300; ++i) {
    RawConnection connection(port());
    connection.Send(absl::StrCat(Hello(), i % 2 == 0 ? call : call.substr(0, call.size() / 2)));
    if (i % 3 != 0) connection.Reset();
  }
  std::string cancelled = Hello();
  for (uint32_t stream = 1; stream < 2000; stream += 2) {
    absl::StrAppend(&cancelled, CallBytes(stream, kGetMethod, Asking("tent").SerializeAsString()),
                    Frame(FrameType::kReset, 0, stream, BigEndian(8, 4)));
  }
  {
    const RawConnection connection(port());
    connection.Send(cancelled);
    EXPECT_TRUE(GoodClientGoesOn());
  }
  EXPECT_TRUE(WaitUntil([&] { return OpenFiles() <= before; })) << OpenFiles() << " open files, before " << before;
}

// KINDRED_IDLE_CONNECTIONS=10000 holds as many as the server allows by itself, where the limit of open files does.
TEST_F(HostileClientsTest, IdleConnectionsHoldNobodyUp) {
  const char* const wanted = std::getenv("KINDRED_IDLE_CONNECTIONS");
  const int connections = std::min(wanted == nullptr ? 2000 : std::atoi(wanted), RaiseFileLimit() - 2000);
  if (connections < 2) GTEST_SKIP() << "too few files may be open here";
  Start(connections + 100);
  std::vector<std::unique_ptr<RawConnection>> idle;
  while (static_cast<int>(idle.size()) < connections) {
    idle.push_back(std::make_unique<RawConnection>(port()));
    ASSERT_TRUE(idle.back()->connected());
    if (idle.size() % 2 == 0) idle.back()->Send(Hello());  // The others stay half-open.
  }
  EXPECT_THAT(idle[1]->ReadUntil(Frame(FrameType::kSettings, 1, 0, "")),
              HasSubstr(Frame(FrameType::kSettings, 1, 0, "")))
      << "served";
  EXPECT_TRUE(GoodClientGoesOn());
  EXPECT_OK(Client()->GetRelatedKeywords(Asking("tent"))) << "a new client beside them";
}

TEST_F(HostileClientsTest, ConnectionsAboveTheLimitAreClosedAndRoomIsThereAgainWhenOthersGo) {
  Start(100);
  std::vector<std::unique_ptr<RawConnection>> idle;
  for (int i = 0; i < 150; ++i) {
    idle.push_back(std::make_unique<RawConnection>(port()));
    idle.back()->Send(Hello());
  }
  EXPECT_TRUE(idle.back()->WaitForEnd());
  EXPECT_TRUE(GoodClientGoesOn());
  idle.clear();
  EXPECT_TRUE(WaitUntil([this] { return Client()->CheckHealth().ok(); }));
  EXPECT_THAT(HttpGet(PortAfter("metrics_port="), "/metrics"),
              ::testing::ContainsRegex("kindred_connections_refused_total [1-9]"));
}

}  // namespace
}  // namespace kindred
