// The server over a real socket, with a real index.
#include "server/grpc_server.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "client/related_search_client.h"
#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "tests/server/http2_bytes.h"
#include "tests/server/index_damage.h"
#include "tests/server/raw_connection.h"
#include "tests/server/test_server.h"
#include "tests/server/wait_until.h"

namespace kindred {
namespace {

using ::kindred::testing::Asking;
using ::kindred::testing::BigEndian;
using ::kindred::testing::CallRaw;
using ::kindred::testing::DamageVersion;
using ::kindred::testing::HasStatus;
using ::kindred::testing::Hello;
using ::kindred::testing::kBatchMethod;
using ::kindred::testing::kCamping;
using ::kindred::testing::Keywords;
using ::kindred::testing::kGetMethod;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::RawConnection;
using ::kindred::testing::TestServer;
using ::kindred::testing::TinyMarkets;
using ::kindred::testing::WaitUntil;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::EndsWith;
using ::testing::HasSubstr;

TEST(GrpcServerTest, RequestsAsLargeAsTheyMayBeAreAnsweredAndLargerOnesRefused) {
  TestServer server(kCamping);
  v1::GetRelatedKeywordsRequest large = Asking(std::string(256, 'q'));
  large.set_max_keywords(50);
  large.set_market(std::string(32, 'm'));
  large.set_explain(true);
  for (int i = 0; i < 5; ++i) large.add_recent_queries(std::string(256, 'r'));
  v1::BatchGetRelatedKeywordsRequest batch;
  for (int i = 0; i < 100; ++i) *batch.add_requests() = large;
  EXPECT_TRUE(CallRaw(server, kBatchMethod, batch.SerializeAsString()).ok());
  EXPECT_EQ(CallRaw(server, kGetMethod, std::string(257 << 10, 'x')).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(CallRaw(server, kGetMethod, Asking("tent").SerializeAsString()).ok());
}

// Answers a batch when the test lets it.
class HeldService final : public v1::RelatedSearchService::CallbackService {
 public:
  grpc::ServerUnaryReactor* BatchGetRelatedKeywords(grpc::CallbackServerContext* context,
                                                    const v1::BatchGetRelatedKeywordsRequest* request,
                                                    v1::BatchGetRelatedKeywordsResponse* response) override {
    for (int i = 0; i < request->requests_size(); ++i) response->add_responses();
    reactor_ = context->DefaultReactor();
    held_.Notify();
    return reactor_;
  }
  void WaitUntilHeld() { held_.WaitForNotification(); }
  void LetGo() { reactor_->Finish(grpc::Status::OK); }

 private:
  grpc::ServerUnaryReactor* reactor_ = nullptr;
  absl::Notification held_;
};

TEST(GrpcServerTest, HeadersAreLimitedToEightKiB) {
  TestServer server(kCamping);
  const auto code_with = [&](size_t bytes) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.AddMetadata("x-note", std::string(bytes, 'n'));
    v1::GetRelatedKeywordsResponse response;
    return server.stub().GetRelatedKeywords(&context, Asking("tent"), &response).error_code();
  };
  EXPECT_EQ(code_with(7 << 10), grpc::StatusCode::OK);
  EXPECT_NE(code_with(20 << 10), grpc::StatusCode::OK);
  // gRPC may end the connection with it.
  EXPECT_TRUE(WaitUntil([&] { return code_with(0) == grpc::StatusCode::OK; }));
}

TEST(GrpcServerTest, AConnectionIsAllowedAThousandCallsAtATimeAndEndsAtItsAge) {
  HeldService service;
  ASSERT_OK_AND_ASSIGN(
      const auto server,
      GrpcServer::Start({.listen = "127.0.0.1:0", .max_connection_age = absl::Milliseconds(100)}, &service));
  const RawConnection connection(server->port());
  connection.Send(Hello());
  constexpr int kMaxConcurrentStreams = 3;  // RFC 9113, 6.5.2.
  const std::string limit = BigEndian(kMaxConcurrentStreams, 2) + BigEndian(1000, 4);
  EXPECT_THAT(connection.ReadUntil(limit), HasSubstr(limit));
  EXPECT_TRUE(connection.WaitForEnd());
}

// Takes ten seconds.
TEST(GrpcServerTest, AConnectionThatSaysNothingIsEnded) {
  TestServer server(kCamping);
  EXPECT_TRUE(RawConnection(server.server().port()).WaitForEnd());
}

TEST(GrpcServerTest, CallInFlightOutlivesTheShutdown) {
  HeldService service;
  ASSERT_OK_AND_ASSIGN(const auto server, GrpcServer::Start({.listen = "127.0.0.1:0"}, &service));
  const RelatedSearchClient::Options options{.server = absl::StrCat("127.0.0.1:", server->port()),
                                             .deadline = absl::Minutes(1)};
  v1::BatchGetRelatedKeywordsRequest batch;
  for (int i = 0; i < 100; ++i) *batch.add_requests() = Asking("tent");
  absl::StatusOr<v1::BatchGetRelatedKeywordsResponse> response;
  std::jthread caller([&] { response = RelatedSearchClient(options).BatchGetRelatedKeywords(batch); });
  service.WaitUntilHeld();
  std::jthread stopper([&] { server->Shutdown(absl::Minutes(1)); });
  const RelatedSearchClient late({.server = options.server, .deadline = absl::Seconds(1), .max_attempts = 1});
  EXPECT_TRUE(WaitUntil([&] { return !late.CheckHealth().ok(); })) << "new calls are refused";
  service.LetGo();
  caller.join();
  stopper.join();
  ASSERT_OK(response);
  EXPECT_EQ(response->responses_size(), 100);
}

TEST(GrpcServerTest, CallThatNeverEndsIsCancelledByTheShutdown) {
  HeldService service;
  ASSERT_OK_AND_ASSIGN(const auto server, GrpcServer::Start({.listen = "127.0.0.1:0"}, &service));
  absl::Status status;
  std::jthread caller([&] {
    const RelatedSearchClient client(
        {.server = absl::StrCat("127.0.0.1:", server->port()), .deadline = absl::Minutes(1), .max_attempts = 1});
    status = client.BatchGetRelatedKeywords({}).status();
    service.LetGo();
  });
  service.WaitUntilHeld();
  server->Shutdown(absl::Milliseconds(10));
  caller.join();
  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(absl::IsDeadlineExceeded(status)) << status;
}

TEST(GrpcServerTest, HealthTurnsNotServingWhileCallsAreAnswered) {
  TestServer server(kCamping);
  const RelatedSearchClient client({.server = server.address(), .deadline = absl::Seconds(60)});
  EXPECT_OK(client.CheckHealth());
  EXPECT_THAT(CallRaw(server, "/grpc.health.v1.Health/Check", "").ok(), true) << "overall health";
  server.server().StopServing();
  EXPECT_THAT(client.CheckHealth(), HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("not serving")));
  EXPECT_OK(client.GetRelatedKeywords(Asking("tent")));
}

// Asks what services there are.
std::string Reflect(TestServer& server) {
  grpc::GenericStub stub(server.channel());
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  const auto next = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const auto call =
      stub.Call(&context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue, nullptr);
  next();
  const grpc::Slice list_services(std::string("\x3a\x01*"));  // ServerReflectionRequest.list_services, number 7.
  call->Write(grpc::ByteBuffer(&list_services, 1), nullptr);
  next();
  grpc::ByteBuffer response;
  call->Read(&response, nullptr);
  grpc::Slice bytes;
  if (next()) {
    EXPECT_TRUE(response.DumpToSingleSlice(&bytes).ok());
  }
  context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  next();
  queue.Shutdown();
  while (next()) {
  }
  return std::string(bytes.begin(), bytes.end());
}

TEST(GrpcServerTest, ReflectionListsTheServicesUnlessItIsOff) {
  TestServer server(kCamping);
  EXPECT_THAT(Reflect(server), AllOf(HasSubstr("kindred.v1.RelatedSearchService"), HasSubstr("grpc.health.v1.Health")));
  TestServer silent(kCamping, {}, {.listen = "127.0.0.1:0", .reflection = false});
  EXPECT_EQ(Reflect(silent), "");
}

TEST(GrpcServerTest, PortInUseIsNamed) {
  TestServer server(kCamping);
  HeldService service;
  EXPECT_THAT(GrpcServer::Start({.listen = server.address()}, &service),
              HasStatus(absl::StatusCode::kUnavailable, AllOf(HasSubstr(server.address()), HasSubstr("--listen"))));
}

TEST(GrpcServerTest, ConnectionsMayGrowOlderThanMillisecondsCanTell) {
  for (const absl::Duration age : {absl::Hours(597), absl::InfiniteDuration()}) {
    SCOPED_TRACE(age);
    TestServer server(kCamping, {}, {.listen = "127.0.0.1:0", .max_connection_age = age});
    v1::GetRelatedKeywordsResponse response;
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(server.Ask(Asking("tent"), &response).ok());
    EXPECT_EQ(server.channel()->GetState(false), GRPC_CHANNEL_READY) << "of the first connection";
  }
}

// A version's keywords all end with its number, so that a stale or mixed reply shows.
TinyMarkets VersionLists(int version) {
  std::map<std::string, std::vector<std::string>> lists;
  for (int query = 0; query < 20; ++query) {
    std::vector<std::string>& keywords = lists[absl::StrCat("query number ", query)];
    for (int keyword = 0; keyword < 10; ++keyword) {
      keywords.push_back(absl::StrCat("keyword ", query, " ", keyword, " of v", version));
    }
  }
  return {{"", MakeLists(lists)}};
}

TEST(GrpcServerTest, SwapsFailNoCallAndServeNoStaleRow) {
  constexpr int kVersions = 8;
  TestServer server(VersionLists(1));
  std::atomic<int64_t> calls = 0;
  std::vector<std::jthread> callers;
  for (int thread = 0; thread < 3; ++thread) {
    callers.emplace_back([&, thread](const std::stop_token& stop) {
      for (int i = thread; !stop.stop_requested(); ++i) {
        // Known queries and, every third, one that is answered through similar ones.
        v1::GetRelatedKeywordsResponse response;
        const grpc::Status status =
            server.Ask(Asking(absl::StrCat("query number ", i % 20, i % 3 == 0 ? " x" : "")), &response);
        ASSERT_TRUE(status.ok()) << status.error_message();
        ASSERT_FALSE(response.keywords().empty());
        ASSERT_THAT(Keywords(response), Each(EndsWith(absl::StrCat(" of v", response.index_version()))));
        ++calls;
      }
    });
  }
  const auto calls_go_on = [&calls] { return WaitUntil([&calls, want = calls + 50] { return calls >= want; }); };
  for (int version = 2; version <= kVersions; ++version) {
    ASSERT_TRUE(calls_go_on());
    ASSERT_OK(PublishTinyIndex(server.root(), VersionLists(version)));
    if (version == 5) DamageVersion(absl::StrCat(server.root(), "/", version));
    server.watcher().PollOnce();
    EXPECT_EQ(server.store().Current()->version(), version == 5 ? 4U : version);
  }
  EXPECT_TRUE(calls_go_on());
  callers.clear();  // Stops and joins.
  server.watcher().PollOnce();
  EXPECT_EQ(server.watcher().retired(), 0U);
}

}  // namespace
}  // namespace kindred
