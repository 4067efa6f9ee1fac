#include "server/metrics_endpoint.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/server_metrics.h"
#include "tests/server/http_get.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::HttpGet;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(MetricsEndpointTest, ServesThePage) {
  ServerMetrics metrics;
  ASSERT_OK_AND_ASSIGN(const auto endpoint, MetricsEndpoint::Start("127.0.0.1:0", {metrics.collectable()}));
  const std::string page = HttpGet(endpoint->port(), "/metrics");
  EXPECT_THAT(page, AllOf(HasSubstr("200 OK"), HasSubstr("kindred_index_swaps_total 0\n")));
  EXPECT_THAT(HttpGet(endpoint->port(), "/elsewhere"), HasSubstr("404"));
}

TEST(MetricsEndpointTest, PortInUseIsNamed) {
  ASSERT_OK_AND_ASSIGN(const auto first, MetricsEndpoint::Start("127.0.0.1:0", {}));
  const std::string address = absl::StrCat("127.0.0.1:", first->port());
  EXPECT_THAT(MetricsEndpoint::Start(address, {}),
              HasStatus(absl::StatusCode::kUnavailable, AllOf(HasSubstr(address), HasSubstr("--metrics_listen"))));
}

}  // namespace
}  // namespace kindred
