#include "client/related_search_client.h"

#include <string>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/fake_server.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::CertificateAuthority;
using ::kindred::testing::FakeServer;
using ::kindred::testing::HasStatus;
using ::kindred::testing::MutualTls;
using ::testing::_;
using ::testing::HasSubstr;

const FakeServer::Answer kEcho = [](int, const v1::GetRelatedKeywordsRequest& request,
                                    v1::GetRelatedKeywordsResponse& response) {
  response.set_normalized_query(request.query());
  return grpc::Status::OK;
};

v1::GetRelatedKeywordsRequest Request(const std::string& query) {
  v1::GetRelatedKeywordsRequest request;
  request.set_query(query);
  return request;
}

// Long enough for a slow machine, short enough to notice a client that does not keep its deadline.
RelatedSearchClient::Options Patient(const std::string& server) {
  return {.server = server, .deadline = absl::Seconds(20)};
}

TEST(RelatedSearchClientTest, AsksAndReturnsTheResponse) {
  FakeServer server(kEcho);
  const RelatedSearchClient client(Patient(server.address()));
  ASSERT_OK_AND_ASSIGN(const auto response, client.GetRelatedKeywords(Request("tent")));
  EXPECT_EQ(response.normalized_query(), "tent");
}

TEST(RelatedSearchClientTest, BatchKeepsTheOrder) {
  FakeServer server(kEcho);
  const RelatedSearchClient client(Patient(server.address()));
  v1::BatchGetRelatedKeywordsRequest batch;
  *batch.add_requests() = Request("tent");
  *batch.add_requests() = Request("帳篷");
  ASSERT_OK_AND_ASSIGN(const auto response, client.BatchGetRelatedKeywords(batch));
  ASSERT_EQ(response.responses_size(), 2);
  EXPECT_EQ(response.responses(0).normalized_query(), "tent");
  EXPECT_EQ(response.responses(1).normalized_query(), "帳篷");
}

TEST(RelatedSearchClientTest, TriesAgainWhatTheServerCouldNotTake) {
  FakeServer server([](int call, const auto&, auto&) {
    if (call == 1) return grpc::Status(grpc::StatusCode::CANCELLED, "stopping");
    return call < 3 ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "starting") : grpc::Status::OK;
  });
  const RelatedSearchClient client(Patient(server.address()));
  EXPECT_OK(client.GetRelatedKeywords(Request("tent")));
  EXPECT_EQ(server.calls(), 3);
}

TEST(RelatedSearchClientTest, GivesUpAfterItsAttempts) {
  FakeServer server([](int, const auto&, auto&) { return grpc::Status(grpc::StatusCode::UNAVAILABLE, "starting"); });
  auto options = Patient(server.address());
  options.max_attempts = 2;
  const RelatedSearchClient client(options);
  EXPECT_THAT(client.GetRelatedKeywords(Request("tent")),
              HasStatus(absl::StatusCode::kUnavailable, HasSubstr("starting")));
  EXPECT_EQ(server.calls(), 2);
}

TEST(RelatedSearchClientTest, OneAttemptMeansNoRetry) {
  FakeServer server([](int, const auto&, auto&) { return grpc::Status(grpc::StatusCode::UNAVAILABLE, "starting"); });
  auto options = Patient(server.address());
  options.max_attempts = 1;
  EXPECT_THAT(RelatedSearchClient(options).GetRelatedKeywords(Request("tent")),
              HasStatus(absl::StatusCode::kUnavailable, _));
  EXPECT_EQ(server.calls(), 1);
}

TEST(RelatedSearchClientTest, NoOtherErrorIsTriedAgain) {
  const grpc::StatusCode kCodes[] = {grpc::StatusCode::INVALID_ARGUMENT, grpc::StatusCode::RESOURCE_EXHAUSTED,
                                     grpc::StatusCode::DATA_LOSS,        grpc::StatusCode::INTERNAL,
                                     grpc::StatusCode::UNKNOWN,          grpc::StatusCode::DEADLINE_EXCEEDED};
  for (const grpc::StatusCode code : kCodes) {
    SCOPED_TRACE(code);
    FakeServer server([code](int, const auto&, auto&) { return grpc::Status(code, "the server's words"); });
    const RelatedSearchClient client(Patient(server.address()));
    EXPECT_THAT(client.GetRelatedKeywords(Request("tent")),
                HasStatus(static_cast<absl::StatusCode>(code), "the server's words"));
    EXPECT_EQ(server.calls(), 1);
  }
}

TEST(RelatedSearchClientTest, KeepsItsDeadline) {
  absl::Notification let_go;
  FakeServer server([&let_go](int, const auto&, auto&) {
    let_go.WaitForNotification();
    return grpc::Status::OK;
  });
  const RelatedSearchClient client({.server = server.address(), .deadline = absl::Milliseconds(50)});
  EXPECT_THAT(client.GetRelatedKeywords(Request("tent")), HasStatus(absl::StatusCode::kDeadlineExceeded, _));
  let_go.Notify();
}

TEST(RelatedSearchClientTest, NoServerIsUnavailable) {
  std::string address;
  {
    FakeServer gone(kEcho);
    address = gone.address();
  }
  const RelatedSearchClient client(Patient(address));
  EXPECT_THAT(client.GetRelatedKeywords(Request("tent")), HasStatus(absl::StatusCode::kUnavailable, _));
  EXPECT_THAT(client.CheckHealth(), HasStatus(absl::StatusCode::kUnavailable, _));
}

TEST(RelatedSearchClientTest, SpeaksTlsAndShowsItsCertificateAndToken) {
  const CertificateAuthority authority;
  FakeServer server(kEcho, MutualTls(authority.Issue("server"), authority.certificate()));
  RelatedSearchClient::Options options = Patient(server.address());
  options.max_attempts = 1;
  EXPECT_THAT(RelatedSearchClient(options).CheckHealth(), HasStatus(absl::StatusCode::kUnavailable, _));
  const auto client = authority.Issue("client");
  options.tls = {.ca = authority.certificate(), .certificate = client.certificate, .key = client.key};
  options.token = "3f2a9c1d0b7e4c55";
  EXPECT_OK(RelatedSearchClient(options).CheckHealth());
  EXPECT_OK(RelatedSearchClient(options).GetRelatedKeywords(Request("tent")));
  EXPECT_EQ(server.authorization(), "Bearer 3f2a9c1d0b7e4c55");
  options.tls->ca = CertificateAuthority("stranger").certificate();
  EXPECT_THAT(RelatedSearchClient(options).CheckHealth(), HasStatus(absl::StatusCode::kUnavailable, _));
}

TEST(RelatedSearchClientTest, HealthIsWhatTheServerSays) {
  FakeServer server(kEcho);
  const RelatedSearchClient client(Patient(server.address()));
  EXPECT_OK(client.CheckHealth());
  server.SetServing(false);
  EXPECT_THAT(client.CheckHealth(), HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("is not serving")));
}

}  // namespace
}  // namespace kindred
