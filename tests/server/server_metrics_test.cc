#include "server/server_metrics.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/metrics_endpoint.h"
#include "tests/server/http_get.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::HttpGet;
using ::testing::HasSubstr;

TEST(ServerMetricsTest, ShowsWhatWasCounted) {
  ServerMetrics metrics;
  CountedCall(&metrics, Method::kBatch, 70).Finish(absl::StatusCode::kResourceExhausted, 0);
  metrics.CountQuery(MatchKind::kSimilar, true);
  metrics.CountQuery(MatchKind::kSimilar, false);
  metrics.CountQuery(MatchKind::kSimilar, false);
  metrics.CountSwap();
  metrics.CountRefusedVersion();
  metrics.SetActiveIsRefused(true);
  ASSERT_OK_AND_ASSIGN(const auto endpoint, MetricsEndpoint::Start("127.0.0.1:0", {metrics.collectable()}));
  const std::string page = HttpGet(endpoint->port(), "/metrics");
  const std::string method = "{grpc_method=\"kindred.v1.RelatedSearchService/BatchGetRelatedKeywords\"";
  const std::string outcome = method + ",grpc_status=\"RESOURCE_EXHAUSTED\"";
  for (const std::string& line : {
           "grpc_server_call_started_total" + method + "} 1\n",
           "grpc_server_call_duration_seconds_count" + outcome + "} 1\n",
           "grpc_server_call_rcvd_total_compressed_message_size_bytes_sum" + outcome + "} 70\n",
           std::string("kindred_queries_total{match=\"similar\",cached=\"true\"} 1\n"),
           std::string("kindred_queries_total{match=\"similar\",cached=\"false\"} 2\n"),
           std::string("kindred_queries_total{match=\"exact\",cached=\"true\"} 0\n"),
           std::string("kindred_index_swaps_total 1\n"),
           std::string("kindred_index_rejected_total 1\n"),
           std::string("kindred_index_refused 1\n"),
       }) {
    EXPECT_THAT(page, HasSubstr(line));
  }
}

}  // namespace
}  // namespace kindred
