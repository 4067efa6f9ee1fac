// The API over a real socket, with a real index.
#include "server/related_search_service.h"

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/related_search_client.h"
#include "gmock/gmock.h"
#include "grpcpp/support/server_interceptor.h"
#include "gtest/gtest.h"
#include "server/request_parser.h"
#include "server/token_file.h"
#include "tests/server/test_server.h"
#include "tests/server/wait_until.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::Asking;
using ::kindred::testing::CallRaw;
using ::kindred::testing::HasStatus;
using ::kindred::testing::kBatchMethod;
using ::kindred::testing::kCamping;
using ::kindred::testing::Keywords;
using ::kindred::testing::kGetMethod;
using ::kindred::testing::MakeLists;
using ::kindred::testing::TempDir;
using ::kindred::testing::TestServer;
using ::kindred::testing::TinyMarkets;
using ::kindred::testing::WaitUntil;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST(RelatedSearchServiceTest, AnswersOverTheWire) {
  TestServer server(kCamping);
  v1::GetRelatedKeywordsResponse response;
  ASSERT_TRUE(server.Ask(Asking("Tent"), &response).ok());
  EXPECT_THAT(Keywords(response), ElementsAre("stove", "lamp"));
  EXPECT_EQ(response.index_version(), "1");
  EXPECT_EQ(response.match(), v1::MATCH_EXACT);
}

TEST(RelatedSearchServiceTest, BatchOverTheWireThroughTheClient) {
  TestServer server(kCamping);
  const RelatedSearchClient client({.server = server.address(), .deadline = absl::Seconds(60)});
  v1::BatchGetRelatedKeywordsRequest batch;
  for (const char* query : {"tent", "zxqw", "TENT"}) *batch.add_requests() = Asking(query);
  ASSERT_OK_AND_ASSIGN(const auto response, client.BatchGetRelatedKeywords(batch));
  ASSERT_THAT(response.responses(), SizeIs(3));
  EXPECT_EQ(response.responses(0).SerializeAsString(), response.responses(2).SerializeAsString());
  EXPECT_EQ(response.responses(1).match(), v1::MATCH_NONE);
}

TEST(RelatedSearchServiceTest, InvalidRequestsAreToldWhy) {
  TestServer server(kCamping);
  const std::string bad_utf8 = std::string("\x0a\x03") + "te\xff";
  const struct {
    const char* method;
    std::string bytes;
    const char* want;
  } kCases[] = {
      {kGetMethod, "", "query must be 1 to 256 bytes; it is empty"},
      {kGetMethod, Asking(std::string(257, 'a')).SerializeAsString(), "query must be at most 256 bytes; it has 257"},
      {kGetMethod, bad_utf8, "query: "},
      {kGetMethod, "\xff", "request does not decode"},
      {kBatchMethod, "", "requests must hold 1 to 100 requests; it holds 0"},
      {kBatchMethod, std::string("\x0a\x05") + bad_utf8, "requests[0].query: "},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.want);
    const grpc::Status status = CallRaw(server, c.method, c.bytes);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(status.error_message(), StartsWith(c.want));
  }
}

// Holds each call back, on the server, until its deadline has passed there.
class HoldPastDeadline final : public grpc::experimental::Interceptor {
 public:
  explicit HoldPastDeadline(grpc::experimental::ServerRpcInfo* info) : info_(info) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(grpc::experimental::InterceptionHookPoints::POST_RECV_MESSAGE)) {
      const auto deadline = static_cast<grpc::CallbackServerContext*>(info_->server_context())->deadline();
      while (std::chrono::system_clock::now() <= deadline) std::this_thread::yield();
    }
    methods->Proceed();
  }

 private:
  grpc::experimental::ServerRpcInfo* const info_;
};

class HoldPastDeadlineFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    return new HoldPastDeadline(info);
  }
};

std::unique_ptr<grpc::Server> StartHoldingServer(grpc::Service* service, int* port) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), port);
  builder.RegisterService(service);
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> factories;
  factories.push_back(std::make_unique<HoldPastDeadlineFactory>());
  builder.experimental().SetInterceptorCreators(std::move(factories));
  return builder.BuildAndStart();
}

// The client of a call past its deadline has gone: what the server did shows in its metrics.
TEST(RelatedSearchServiceTest, CallsPastTheirDeadlineDoNoWork) {
  TestServer server(kCamping);
  const Responder responder(&server.store(), &server.metrics(), {});
  const auto service = MakeRelatedSearchService({.responder = &responder,
                                                 .metrics = &server.metrics(),
                                                 .singles = &server.singles(),
                                                 .batches = &server.batches()});
  int port = 0;
  const auto holding = StartHoldingServer(service.get(), &port);
  const RelatedSearchClient client({.server = absl::StrCat("127.0.0.1:", port), .deadline = absl::Seconds(1)});
  v1::BatchGetRelatedKeywordsRequest batch;
  for (int i = 0; i < 100; ++i) *batch.add_requests() = Asking("tent");
  EXPECT_THAT(client.GetRelatedKeywords(Asking("tent")), HasStatus(absl::StatusCode::kDeadlineExceeded, _));
  EXPECT_THAT(client.BatchGetRelatedKeywords(batch), HasStatus(absl::StatusCode::kDeadlineExceeded, _));
  holding->Shutdown();
  holding->Wait();
  EXPECT_EQ(server.Calls("GetRelatedKeywords", "DEADLINE_EXCEEDED"), 1);
  EXPECT_EQ(server.Calls("BatchGetRelatedKeywords", "DEADLINE_EXCEEDED"), 1);
  EXPECT_EQ(server.Counter("kindred_queries_total", {}), 0);
}

// A call may end before the server hears that its caller has gone: batches are sent until one does not.
TEST(RelatedSearchServiceTest, BatchWhoseCallerHasGoneStops) {
  TestServer server(kCamping);
  int attempt = 0;
  EXPECT_TRUE(WaitUntil([&] {
    v1::BatchGetRelatedKeywordsRequest batch;  // Of queries that are not cached.
    for (++attempt; batch.requests_size() < 100;)
      *batch.add_requests() = Asking(absl::StrCat("query ", attempt, " ", batch.requests_size()));
    const double before = server.Counter("kindred_queries_total", {});
    grpc::ClientContext context;
    v1::BatchGetRelatedKeywordsResponse response;
    absl::Notification done;
    server.stub().async()->BatchGetRelatedKeywords(&context, &batch, &response,
                                                   [&done](const grpc::Status&) { done.Notify(); });
    while (server.Counter("kindred_queries_total", {}) == before && !done.HasBeenNotified()) std::this_thread::yield();
    context.TryCancel();
    done.WaitForNotification();
    return server.Calls("BatchGetRelatedKeywords", "CANCELLED") > 0;
  }));
}

// Keeps a queue's only thread busy while it lives.
class Busy {
 public:
  explicit Busy(WorkQueue& queue) {
    absl::Notification begun;
    EXPECT_TRUE(queue.TryAdd(1, [this, &begun](bool) {
      begun.Notify();
      let_go_.WaitForNotification();
      let_go_taken_.Notify();
    }));
    begun.WaitForNotification();
  }
  ~Busy() {
    let_go_.Notify();
    let_go_taken_.WaitForNotification();
  }

 private:
  absl::Notification let_go_;
  absl::Notification let_go_taken_;
};

// A query whose list needs no filling.
const TinyMarkets kWellKnown = {{"", MakeLists({{"tent", {"stove", "lamp", "pegs", "chair", "table"}}})}};

TEST(RelatedSearchServiceTest, WhatTheQueueDoesNotTakeIsShedAtOnceAndTakenAgainAfterwards) {
  TestServer server(kWellKnown);
  v1::GetRelatedKeywordsResponse response;
  {
    const Busy busy(server.singles());
    for (int i = 0; i < 1000; ++i) server.singles().Observe(1, absl::Milliseconds(2));
    while (server.singles().TryAdd(1'000'000, [](bool) {})) {
    }
    const grpc::Status status = server.Ask(Asking("tent red"), &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_THAT(status.error_message(), StartsWith("more to do than can be done soon"));
    EXPECT_EQ(server.Calls("GetRelatedKeywords", "RESOURCE_EXHAUSTED"), 1);
    EXPECT_EQ(server.Counter("kindred_queries_total", {}), 0);
    EXPECT_TRUE(server.Ask(Asking("tent"), &response).ok()) << "takes no search";
  }
  EXPECT_TRUE(WaitUntil([&] { return server.Ask(Asking("tent red"), &response).ok(); }));
}

TEST(RelatedSearchServiceTest, DearSearchesAreHandedOverAndAllElseIsNot) {
  TestServer server(kWellKnown);
  v1::GetRelatedKeywordsResponse response;
  const Busy busy(server.singles());
  EXPECT_TRUE(server.Ask(Asking("tent red"), &response).ok()) << "answered where it arrived";
  EXPECT_EQ(server.Counter("kindred_queries_total", {}), 1) << "counted once";
  for (int i = 0; i < 1000; ++i) server.singles().Observe(1, absl::Milliseconds(2));
  for (const char* known_or_cached : {"tent", "tent red"}) {
    EXPECT_TRUE(server.Ask(Asking(known_or_cached), &response).ok()) << known_or_cached;
  }
  grpc::ClientContext context;
  absl::Notification done;
  const v1::GetRelatedKeywordsRequest request = Asking("stove red");
  server.stub().async()->GetRelatedKeywords(&context, &request, &response,
                                            [&done](const grpc::Status&) { done.Notify(); });
  EXPECT_OK(RelatedSearchClient({.server = server.address(), .deadline = absl::Seconds(60)}).CheckHealth());
  EXPECT_FALSE(done.HasBeenNotified()) << "waits for the queue's thread";
  context.TryCancel();
  done.WaitForNotification();
}

v1::BatchGetRelatedKeywordsRequest BatchOf(const std::vector<std::string>& queries) {
  v1::BatchGetRelatedKeywordsRequest batch;
  for (const std::string& query : queries) *batch.add_requests() = Asking(query);
  return batch;
}

// A batch on its way.
class BatchCall {
 public:
  BatchCall(TestServer& server, v1::BatchGetRelatedKeywordsRequest batch) : batch_(std::move(batch)) {
    server.stub().async()->BatchGetRelatedKeywords(&context_, &batch_, &responses_, [this](grpc::Status status) {
      status_ = std::move(status);
      done_.Notify();
    });
  }
  ~BatchCall() { done_.WaitForNotification(); }

  bool done() const { return done_.HasBeenNotified(); }
  void ExpectAnswers() {
    done_.WaitForNotification();
    EXPECT_TRUE(status_.ok()) << status_.error_message();
    EXPECT_THAT(responses_.responses(), SizeIs(batch_.requests_size()));
  }

 private:
  const v1::BatchGetRelatedKeywordsRequest batch_;
  v1::BatchGetRelatedKeywordsResponse responses_;
  grpc::ClientContext context_;
  grpc::Status status_;
  absl::Notification done_;
};

TEST(RelatedSearchServiceTest, DearBatchesHoldUpNoSingleCall) {
  TestServer server(kCamping);
  for (int i = 0; i < 1000; ++i) server.batches().Observe(1, absl::Milliseconds(2));
  std::optional<Busy> busy(server.batches());
  BatchCall batch(server, BatchOf({"tent"}));
  for (int i = 0; i < 100; ++i) {
    v1::GetRelatedKeywordsResponse response;
    EXPECT_TRUE(server.Ask(Asking("tent"), &response).ok());
  }
  EXPECT_FALSE(batch.done());
  busy.reset();
  batch.ExpectAnswers();
}

TEST(RelatedSearchServiceTest, BatchesThatShowNoTokenWaitForNoQueue) {
  TestServer server(kCamping);
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto tokens, TokenFile::Open(dir.Write("tokens", "3f2a9c1d0b7e4c55")));
  const Responder responder(&server.store(), &server.metrics(), {});
  const auto service = MakeRelatedSearchService({.responder = &responder,
                                                 .metrics = &server.metrics(),
                                                 .singles = &server.singles(),
                                                 .batches = &server.batches(),
                                                 .tokens = tokens.get()});
  ASSERT_OK_AND_ASSIGN(const auto guarded, GrpcServer::Start({.listen = "127.0.0.1:0"}, service.get()));
  for (int i = 0; i < 1000; ++i) server.batches().Observe(1, absl::Milliseconds(2));
  const Busy busy(server.batches());
  const RelatedSearchClient client(
      {.server = absl::StrCat("127.0.0.1:", guarded->port()), .deadline = absl::Seconds(60)});
  EXPECT_THAT(client.BatchGetRelatedKeywords(BatchOf({"tent"})), HasStatus(absl::StatusCode::kUnauthenticated, _));
}

TEST(RelatedSearchServiceTest, CheapBatchesWaitForNoQueue) {
  TestServer server(kCamping);
  // Now and then this process has to wait for a processor meanwhile, and hands over what is cheap.
  EXPECT_TRUE(WaitUntil([&] {
    std::optional<Busy> busy(server.batches());
    BatchCall batch(server, BatchOf({"tent", "stove"}));
    const absl::Time give_up = absl::Now() + absl::Seconds(1);
    while (!batch.done() && absl::Now() < give_up) std::this_thread::yield();
    const bool here = batch.done();
    busy.reset();
    batch.ExpectAnswers();
    return here;
  }));
}

// Some milliseconds of work that looked cheap.
TEST(RelatedSearchServiceTest, BatchesThatTurnOutDearAreHandedOver) {
  TestServer server(kCamping);
  std::vector<std::string> queries;
  for (int i = 0; i < kMaxBatchRequests; ++i) {
    std::string query;
    for (int word = 0; query.size() < 240; ++word) absl::StrAppend(&query, i, "露營", word, "tent ");
    queries.push_back(query);
  }
  std::optional<Busy> busy(server.batches());
  BatchCall batch(server, BatchOf(queries));
  v1::GetRelatedKeywordsResponse response;
  EXPECT_TRUE(server.Ask(Asking("tent"), &response).ok());
  EXPECT_FALSE(batch.done());
  busy.reset();
  batch.ExpectAnswers();
  EXPECT_EQ(server.Calls("BatchGetRelatedKeywords", "OK"), 1);
  EXPECT_EQ(server.Counter("kindred_queries_total", {}), kMaxBatchRequests + 1) << "each counted once";
}

}  // namespace
}  // namespace kindred
