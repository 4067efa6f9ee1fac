#include "server/call_metrics.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "absl/types/span.h"
#include "prometheus/metric_family.h"

namespace kindred {
namespace {

constexpr size_t kCodes = static_cast<size_t>(absl::StatusCode::kUnauthenticated) + 1;

// A histogram's upper bounds, in `unit`s of what it counts. A66 leaves them to whoever knows the service.
struct HistogramShape {
  const char* name;
  const char* help;
  double unit;
  absl::Span<const uint64_t> bounds;

  size_t counters() const { return bounds.size() + 2; }  // A bucket for each bound, one for all above, and the sum.
};

// An answer from the cache takes about ten microseconds, one through near queries about a millisecond.
constexpr uint64_t kNanoseconds[] = {5'000,      10'000,      25'000,      50'000,       100'000,    250'000,
                                     500'000,    1'000'000,   2'500'000,   5'000'000,    10'000'000, 25'000'000,
                                     50'000'000, 100'000'000, 250'000'000, 1'000'000'000};
constexpr uint64_t kBytes[] = {64, 256, 1024, 4096, 16'384, 65'536, 262'144, 1'048'576};
constexpr HistogramShape kDuration = {"grpc_server_call_duration_seconds",
                                      "Time from the arrival of a call's request to its answer", 1e-9, kNanoseconds};
constexpr HistogramShape kReceived = {"grpc_server_call_rcvd_total_compressed_message_size_bytes",
                                      "Bytes of a call's request, without gRPC's framing", 1, kBytes};
constexpr HistogramShape kSent = {"grpc_server_call_sent_total_compressed_message_size_bytes",
                                  "Bytes of a call's response, without gRPC's framing; 0 where it failed", 1, kBytes};
constexpr std::array<const HistogramShape*, 3> kShapes = {&kDuration, &kReceived, &kSent};

size_t CountersPerOutcome() {
  size_t counters = 0;
  for (const HistogramShape* shape : kShapes) counters += shape->counters();
  return counters;
}

// Where the counters of a method and a code begin; before all of them stand those of started calls, one a method.
size_t FirstCounter(size_t methods, size_t method, size_t code) {
  return methods + (method * kCodes + code) * CountersPerOutcome();
}

prometheus::ClientMetric::Histogram Read(const ShardedCounters& counters, size_t first, const HistogramShape& shape) {
  prometheus::ClientMetric::Histogram histogram;
  uint64_t count = 0;
  for (size_t i = 0; i <= shape.bounds.size(); ++i) {
    count += counters.Sum(first + i);
    const bool last = i == shape.bounds.size();
    histogram.bucket.push_back(
        {count, last ? std::numeric_limits<double>::infinity() : static_cast<double>(shape.bounds[i]) * shape.unit});
  }
  histogram.sample_count = count;
  histogram.sample_sum = static_cast<double>(counters.Sum(first + shape.bounds.size() + 1)) * shape.unit;
  return histogram;
}

}  // namespace

CallMetrics::CallMetrics(std::vector<std::string> methods)
    : methods_(std::move(methods)), counters_(FirstCounter(methods_.size(), methods_.size(), 0)) {}

void CallMetrics::CountStarted(size_t method) { counters_.Add(method); }

void CallMetrics::CountFinished(const Call& call) {
  size_t first = FirstCounter(methods_.size(), call.method, static_cast<size_t>(call.code));
  const auto nanoseconds = static_cast<uint64_t>(std::max<int64_t>(absl::ToInt64Nanoseconds(call.duration), 0));
  const std::array<uint64_t, kShapes.size()> values = {nanoseconds, call.received_bytes, call.sent_bytes};
  for (size_t i = 0; i < kShapes.size(); ++i) {
    const absl::Span<const uint64_t> bounds = kShapes[i]->bounds;
    const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), values[i]) - bounds.begin();
    counters_.Add(first + static_cast<size_t>(bucket));
    counters_.Add(first + bounds.size() + 1, values[i]);
    first += kShapes[i]->counters();
  }
}

std::vector<prometheus::MetricFamily> CallMetrics::Collect() const {
  std::vector<prometheus::MetricFamily> families(1 + kShapes.size());
  families[0] = {
      "grpc_server_call_started_total", "Calls that arrived, finished or not", prometheus::MetricType::Counter, {}};
  for (size_t i = 0; i < kShapes.size(); ++i) {
    families[1 + i] = {kShapes[i]->name, kShapes[i]->help, prometheus::MetricType::Histogram, {}};
  }
  for (size_t method = 0; method < methods_.size(); ++method) {
    prometheus::ClientMetric started;
    started.label = {{"grpc_method", methods_[method]}};
    started.counter.value = static_cast<double>(counters_.Sum(method));
    families[0].metric.push_back(std::move(started));
    for (size_t code = 0; code < kCodes; ++code) {
      prometheus::ClientMetric finished;
      finished.label = {{"grpc_method", methods_[method]},
                        {"grpc_status", absl::StatusCodeToString(static_cast<absl::StatusCode>(code))}};
      size_t first = FirstCounter(methods_.size(), method, code);
      for (size_t i = 0; i < kShapes.size(); ++i) {
        finished.histogram = Read(counters_, first, *kShapes[i]);
        if (code == 0 || finished.histogram.sample_count > 0) families[1 + i].metric.push_back(finished);
        first += kShapes[i]->counters();
      }
    }
  }
  return families;
}

}  // namespace kindred
