#include "server/metrics_endpoint.h"

#include <sys/socket.h>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/server_metrics.h"
#include "server/snapshot_metrics.h"
#include "server/snapshot_store.h"
#include "tests/server/http_get.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::HttpGet;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(MetricsEndpointTest, ShowsWhatWasCounted) {
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

TEST(MetricsEndpointTest, ShowsTheServedVersion) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}, {"stove", {"gas"}}})));
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), {.cache_bytes = 1 << 20}));
  ASSERT_OK_AND_ASSIGN(const auto endpoint, MetricsEndpoint::Start("127.0.0.1:0", {MakeSnapshotMetrics(store.get())}));
  EXPECT_THAT(
      HttpGet(endpoint->port(), "/metrics"),
      AllOf(HasSubstr("kindred_index_version 1\n"), HasSubstr("kindred_index_built_timestamp_seconds 1790000000\n"),
            HasSubstr("kindred_index_queries 2\n"), HasSubstr("kindred_cache_bytes 0\n"),
            HasSubstr("kindred_cache_capacity_bytes 1048576\n")));
  ASSERT_OK(store->Current()->Ask({"", NormalizeQuery("tent").value(), 8, false}));
  EXPECT_THAT(HttpGet(endpoint->port(), "/metrics"), Not(HasSubstr("kindred_cache_bytes 0\n")));
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  ASSERT_OK_AND_ASSIGN(auto next, store->OpenVersion(2));
  store->Swap(std::move(next));
  EXPECT_THAT(HttpGet(endpoint->port(), "/metrics"),
              AllOf(HasSubstr("kindred_index_version 2\n"), HasSubstr("kindred_index_queries 1\n")));
}

TEST(MetricsEndpointTest, PortInUseIsNamed) {
  ASSERT_OK_AND_ASSIGN(const auto first, MetricsEndpoint::Start("127.0.0.1:0", {}));
  const std::string address = absl::StrCat("127.0.0.1:", first->port());
  EXPECT_THAT(MetricsEndpoint::Start(address, {}),
              HasStatus(absl::StatusCode::kUnavailable, AllOf(HasSubstr(address), HasSubstr("--metrics_listen"))));
}

}  // namespace
}  // namespace kindred
