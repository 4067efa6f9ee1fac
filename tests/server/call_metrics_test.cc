#include "server/call_metrics.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/metric_family.h"
#include "prometheus/text_serializer.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Text(const CallMetrics& metrics) { return prometheus::TextSerializer().Serialize(metrics.Collect()); }

TEST(CallMetricsTest, CountsByMethodAndStatus) {
  CallMetrics metrics({"a.S/One", "a.S/Two"});
  metrics.CountStarted(1);
  metrics.CountStarted(1);
  metrics.CountFinished({1, absl::StatusCode::kUnauthenticated, absl::Microseconds(20), 64, 65});
  const std::string text = Text(metrics);
  for (const char* line : {
           "grpc_server_call_started_total{grpc_method=\"a.S/One\"} 0\n",
           "grpc_server_call_started_total{grpc_method=\"a.S/Two\"} 2\n",
           "grpc_server_call_duration_seconds_count{grpc_method=\"a.S/One\",grpc_status=\"OK\"} 0\n",
           "grpc_server_call_duration_seconds_sum{grpc_method=\"a.S/Two\",grpc_status=\"UNAUTHENTICATED\"} 2e-05\n",
           "_size_bytes_bucket{grpc_method=\"a.S/Two\",grpc_status=\"UNAUTHENTICATED\",le=\"64\"} 1\n",
           "_size_bytes_bucket{grpc_method=\"a.S/Two\",grpc_status=\"UNAUTHENTICATED\",le=\"64\"} 0\n",
           "sent_total_compressed_message_size_bytes_sum{grpc_method=\"a.S/Two\",grpc_status=\"UNAUTHENTICATED\"} 65\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("grpc_method=\"a.S/One\",grpc_status=\"UNAUTHENTICATED\"")));
}

// Prometheus means "at most" by a bucket's bound.
TEST(CallMetricsTest, BucketsAreCumulativeAndHoldTheirBound) {
  CallMetrics metrics({"m"});
  const auto count = [&metrics](absl::Duration duration) {
    metrics.CountFinished({0, absl::StatusCode::kOk, duration, 0, 0});
  };
  count(absl::Microseconds(-1));  // A clock that steps back counts as 0.
  count(absl::Microseconds(5));
  count(absl::Microseconds(5) + absl::Nanoseconds(1));
  count(absl::Seconds(2));
  const std::string text = Text(metrics);
  const std::string bucket = "grpc_server_call_duration_seconds_bucket{grpc_method=\"m\",grpc_status=\"OK\",le=";
  for (const char* rest : {"\"5e-06\"} 2\n", "\"1e-05\"} 3\n", "\"1\"} 3\n", "\"+Inf\"} 4\n"}) {
    EXPECT_THAT(text, HasSubstr(bucket + rest));
  }
}

}  // namespace
}  // namespace kindred
