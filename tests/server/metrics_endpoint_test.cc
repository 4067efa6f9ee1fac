#include "server/metrics_endpoint.h"

#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/server_metrics.h"
#include "tests/server/http_get.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::ConnectTo;
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

// With the library's own 30 seconds the page comes too late for Prometheus.
TEST(MetricsEndpointTest, ClientsThatStallKeepNobodyWaiting) {
  ServerMetrics metrics;
  ASSERT_OK_AND_ASSIGN(const auto endpoint, MetricsEndpoint::Start("127.0.0.1:0", {metrics.collectable()}));
  std::vector<int> stalled;
  for (int i = 0; i < 4; ++i) {
    stalled.push_back(ConnectTo(endpoint->port()));
    ASSERT_GE(stalled.back(), 0);
    const absl::string_view half = i % 2 == 0 ? "" : "GET /metrics HTTP/1.1\r\n";
    ASSERT_EQ(::send(stalled.back(), half.data(), half.size(), 0), static_cast<ssize_t>(half.size()));
  }
  EXPECT_THAT(HttpGet(endpoint->port(), "/metrics"), HasSubstr("200 OK"));
  for (const int connection : stalled) ::close(connection);
}

TEST(MetricsEndpointTest, PortInUseIsNamed) {
  ASSERT_OK_AND_ASSIGN(const auto first, MetricsEndpoint::Start("127.0.0.1:0", {}));
  const std::string address = absl::StrCat("127.0.0.1:", first->port());
  EXPECT_THAT(MetricsEndpoint::Start(address, {}),
              HasStatus(absl::StatusCode::kUnavailable, AllOf(HasSubstr(address), HasSubstr("--metrics_listen"))));
}

}  // namespace
}  // namespace kindred
