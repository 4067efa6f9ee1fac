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
  metrics.CountCall(Method::kGet, absl::StatusCode::kOk, MatchKind::kExact, absl::Microseconds(20));
  metrics.CountCall(Method::kGet, absl::StatusCode::kOk, MatchKind::kExact, absl::Microseconds(20));
  metrics.CountCall(Method::kGet, absl::StatusCode::kOk, MatchKind::kNone, absl::Microseconds(20));
  metrics.CountCall(Method::kGet, absl::StatusCode::kInvalidArgument, MatchKind::kNone, absl::Microseconds(2));
  metrics.CountCall(Method::kBatch, absl::StatusCode::kOk, MatchKind::kNone, absl::Milliseconds(3));
  metrics.CountQuery(MatchKind::kSimilar, true);
  metrics.CountQuery(MatchKind::kSimilar, false);
  metrics.CountQuery(MatchKind::kSimilar, false);
  metrics.CountSwap();
  metrics.CountRefusedVersion();
  ASSERT_OK_AND_ASSIGN(const auto endpoint, MetricsEndpoint::Start("127.0.0.1:0", {metrics.collectable()}));
  const std::string page = HttpGet(endpoint->port(), "/metrics");
  for (const char* line : {
           "kindred_requests_total{code=\"OK\",match=\"exact\",method=\"GetRelatedKeywords\"} 2\n",
           "kindred_requests_total{code=\"OK\",match=\"none\",method=\"GetRelatedKeywords\"} 1\n",
           "kindred_requests_total{code=\"OK\",match=\"similar\",method=\"GetRelatedKeywords\"} 0\n",
           "kindred_requests_total{code=\"INVALID_ARGUMENT\",match=\"\",method=\"GetRelatedKeywords\"} 1\n",
           "kindred_requests_total{code=\"OK\",match=\"\",method=\"BatchGetRelatedKeywords\"} 1\n",
           "kindred_request_duration_seconds_count{method=\"GetRelatedKeywords\"} 4\n",
           "kindred_request_duration_seconds_bucket{method=\"GetRelatedKeywords\",le=\"5e-06\"} 1\n",
           "kindred_request_duration_seconds_bucket{method=\"BatchGetRelatedKeywords\",le=\"0.005\"} 1\n",
           "kindred_queries_total{match=\"similar\"} 3\n",
           "kindred_cache_hits_total 1\n",
           "kindred_cache_misses_total 2\n",
           "kindred_index_swaps_total 1\n",
           "kindred_index_rejected_total 1\n",
       }) {
    EXPECT_THAT(page, HasSubstr(line));
  }
}

}  // namespace
}  // namespace kindred
