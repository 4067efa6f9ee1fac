// What the server counts, for Prometheus.
#pragma once

#include <chrono>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "index/lookup/recommender.h"

namespace prometheus {
class Collectable;
class Counter;
class Gauge;
class Registry;
}  // namespace prometheus

namespace kindred {

class CallMetrics;
class ShardedCounters;

enum class Method : int { kGet, kBatch };

// Thread-safe.
class ServerMetrics {
 public:
  ServerMetrics();
  ~ServerMetrics();

  // One query that was looked up, for a call or as part of a batch.
  void CountQuery(MatchKind match, bool cached);
  void CountSwap();
  void CountRefusedVersion();
  void SetActiveIsRefused(bool refused);
  void CountRefusedConnection();

  CallMetrics& calls() { return *calls_; }
  std::shared_ptr<prometheus::Collectable> collectable() const;

 private:
  const std::shared_ptr<CallMetrics> calls_;
  const std::shared_ptr<ShardedCounters> queries_;
  const std::shared_ptr<prometheus::Registry> registry_;  // What is counted seldom.
  prometheus::Counter* swaps_;
  prometheus::Counter* refused_versions_;
  prometheus::Counter* refused_connections_;
  prometheus::Gauge* active_is_refused_;
};

// One call of the API, counted and timed from here to Finish().
class CountedCall {
 public:
  CountedCall(ServerMetrics* metrics, Method method, size_t received_bytes);

  absl::Duration age() const { return absl::FromChrono(std::chrono::steady_clock::now() - start_); }
  // REQUIRES: called once.
  void Finish(absl::StatusCode code, size_t sent_bytes) const;

 private:
  ServerMetrics* const metrics_;
  const Method method_;
  const size_t received_bytes_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace kindred
