// The API over a real socket, with a real index.
#include "server/related_search_service.h"

#include <string>

#include "client/related_search_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/test_server.h"

namespace kindred {
namespace {

using ::kindred::testing::Asking;
using ::kindred::testing::CallRaw;
using ::kindred::testing::Keywords;
using ::kindred::testing::MakeLists;
using ::kindred::testing::TestServer;
using ::kindred::testing::TinyMarkets;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::StartsWith;

const TinyMarkets kCamping = {{"", MakeLists({{"tent", {"stove", "lamp"}}})}};
constexpr char kGetMethod[] = "/kindred.v1.RelatedSearchService/GetRelatedKeywords";
constexpr char kBatchMethod[] = "/kindred.v1.RelatedSearchService/BatchGetRelatedKeywords";

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

TEST(RelatedSearchServiceTest, CallsPastTheirDeadlineFailFast) {
  TestServer server(kCamping);
  v1::BatchGetRelatedKeywordsRequest batch;
  for (int i = 0; i < 100; ++i) *batch.add_requests() = Asking("tent");
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() - std::chrono::seconds(1));
  v1::BatchGetRelatedKeywordsResponse response;
  EXPECT_EQ(server.stub().BatchGetRelatedKeywords(&context, batch, &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
}

}  // namespace
}  // namespace kindred
