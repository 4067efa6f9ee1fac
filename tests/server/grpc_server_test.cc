// The server over a real socket, with a real index.
#include "server/grpc_server.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "client/related_search_client.h"
#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "tests/server/index_damage.h"
#include "tests/server/test_server.h"

namespace kindred {
namespace {

using ::kindred::testing::Asking;
using ::kindred::testing::CallRaw;
using ::kindred::testing::DamageVersion;
using ::kindred::testing::HasStatus;
using ::kindred::testing::Keywords;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TestServer;
using ::kindred::testing::TinyMarkets;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::EndsWith;
using ::testing::HasSubstr;

const TinyMarkets kCamping = {{"", MakeLists({{"tent", {"stove", "lamp"}}})}};
constexpr char kGetMethod[] = "/kindred.v1.RelatedSearchService/GetRelatedKeywords";

TEST(GrpcServerTest, HugeRequestsAreRefused) {
  TestServer server(kCamping);
  EXPECT_EQ(CallRaw(server, kGetMethod, std::string(2 << 20, 'x')).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(CallRaw(server, kGetMethod, Asking("tent").SerializeAsString()).ok());
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

TEST(GrpcServerTest, ReflectionListsTheServices) {
  TestServer server(kCamping);
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
  ASSERT_TRUE(next());
  const grpc::Slice list_services(std::string("\x3a\x01*"));  // ServerReflectionRequest.list_services, number 7.
  call->Write(grpc::ByteBuffer(&list_services, 1), nullptr);
  ASSERT_TRUE(next());
  grpc::ByteBuffer response;
  call->Read(&response, nullptr);
  ASSERT_TRUE(next());
  grpc::Slice bytes;
  ASSERT_TRUE(response.DumpToSingleSlice(&bytes).ok());
  EXPECT_THAT(std::string(bytes.begin(), bytes.end()),
              AllOf(HasSubstr("kindred.v1.RelatedSearchService"), HasSubstr("grpc.health.v1.Health")));
  context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  next();
  queue.Shutdown();
  while (next()) {
  }
}

TEST(GrpcServerTest, PortInUseIsNamed) {
  TestServer server(kCamping);
  ServerMetrics metrics;
  const auto service = MakeRelatedSearchService(nullptr, &metrics);
  EXPECT_THAT(GrpcServer::Start(server.address(), service.get()),
              HasStatus(absl::StatusCode::kUnavailable, AllOf(HasSubstr(server.address()), HasSubstr("--listen"))));
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
  std::atomic<bool> stop = false;
  std::atomic<int64_t> calls = 0;
  std::vector<std::thread> callers;
  for (int thread = 0; thread < 3; ++thread) {
    callers.emplace_back([&, thread] {
      for (int i = thread; !stop; ++i) {
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
  const auto wait_for_calls = [&calls](int64_t more) {
    const int64_t want = calls + more;
    while (calls < want) std::this_thread::yield();
  };
  for (int version = 2; version <= kVersions; ++version) {
    wait_for_calls(50);
    ASSERT_OK(PublishTinyIndex(server.root(), VersionLists(version)));
    if (version == 5) DamageVersion(absl::StrCat(server.root(), "/", version));
    server.watcher().PollOnce();
    EXPECT_EQ(server.store().Current()->version(), version == 5 ? 4U : version);
  }
  wait_for_calls(50);
  stop = true;
  for (std::thread& caller : callers) caller.join();
  server.watcher().PollOnce();
  EXPECT_EQ(server.watcher().retired(), 0U);
}

}  // namespace
}  // namespace kindred
