// gRPC's own metrics of a server, which its C++ library of Debian 12 does not keep: those of gRFC A66, by the names
// that OpenTelemetry gives them in Prometheus, so that dashboards made for any gRPC server read this one too.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "prometheus/collectable.h"
#include "server/sharded_counters.h"

namespace kindred {

// grpc_server_call_started_total, grpc_server_call_duration_seconds and the sizes of requests and responses. A series
// shows up once it has counted something; those of calls that are OK are there from the start. Thread-safe, and
// counting takes neither a lock nor a look-up by label.
class CallMetrics final : public prometheus::Collectable {
 public:
  // `methods`: full names, such as "kindred.v1.RelatedSearchService/GetRelatedKeywords". A method is its place there.
  explicit CallMetrics(std::vector<std::string> methods);

  struct Call {
    size_t method;
    absl::StatusCode code;
    absl::Duration duration;
    size_t received_bytes;
    size_t sent_bytes;
  };
  void CountStarted(size_t method);
  void CountFinished(const Call& call);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const std::vector<std::string> methods_;
  ShardedCounters counters_;
};

}  // namespace kindred
