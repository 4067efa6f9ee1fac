// What the server counts, for Prometheus. Counting takes no lookup by label: every series of the calls that succeed is
// made once, at the start.
#pragma once

#include <array>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "index/lookup/recommender.h"

namespace prometheus {
class Collectable;
class Counter;
class Histogram;
class Registry;
template <typename T>
class Family;
}  // namespace prometheus

namespace kindred {

enum class Method : int { kGet, kBatch, kCount };

// Thread-safe.
class ServerMetrics {
 public:
  ServerMetrics();
  ~ServerMetrics();

  // One call of the API: its outcome, and how long the server worked on it. `match` counts for kGet calls that are OK.
  void CountCall(Method method, absl::StatusCode code, MatchKind match, absl::Duration duration);
  // One query that was looked up, for a call or as part of a batch.
  void CountQuery(MatchKind match, bool cached);
  void CountSwap();
  void CountRefusedVersion();

  std::shared_ptr<prometheus::Collectable> collectable() const;

 private:
  static constexpr size_t kMethods = static_cast<size_t>(Method::kCount);
  static constexpr size_t kMatches = 3;

  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Family<prometheus::Counter>* requests_;
  std::array<std::array<prometheus::Counter*, kMatches>, kMethods> ok_requests_;
  std::array<prometheus::Histogram*, kMethods> durations_;
  std::array<prometheus::Counter*, kMatches> queries_;
  prometheus::Counter* cache_hits_;
  prometheus::Counter* cache_misses_;
  prometheus::Counter* swaps_;
  prometheus::Counter* refused_versions_;
};

}  // namespace kindred
