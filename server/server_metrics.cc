#include "server/server_metrics.h"

#include <string>

#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace kindred {
namespace {

constexpr std::array<const char*, 2> kMethodNames = {"GetRelatedKeywords", "BatchGetRelatedKeywords"};
constexpr std::array<const char*, 3> kMatchNames = {"exact", "similar", "none"};

// Seconds. An answer from the cache takes about ten microseconds, one through near queries about a millisecond.
const prometheus::Histogram::BucketBoundaries kDurationBuckets = {
    5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 1};

}  // namespace

ServerMetrics::ServerMetrics() : registry_(std::make_shared<prometheus::Registry>()) {
  requests_ =
      &prometheus::BuildCounter()
           .Name("kindred_requests_total")
           .Help("Calls answered, by method, gRPC status code and, of single queries, how the query was matched")
           .Register(*registry_);
  auto& durations = prometheus::BuildHistogram()
                        .Name("kindred_request_duration_seconds")
                        .Help("How long the server worked on a call, without the network")
                        .Register(*registry_);
  for (size_t method = 0; method < kMethods; ++method) {
    durations_[method] = &durations.Add({{"method", kMethodNames[method]}}, kDurationBuckets);
    for (size_t match = 0; match < kMatches; ++match) {
      const bool single = method == static_cast<size_t>(Method::kGet);
      ok_requests_[method][match] = &requests_->Add(
          {{"method", kMethodNames[method]}, {"code", "OK"}, {"match", single ? kMatchNames[match] : ""}});
    }
  }
  auto& queries = prometheus::BuildCounter()
                      .Name("kindred_queries_total")
                      .Help("Queries looked up, singly or in batches, by how they were matched")
                      .Register(*registry_);
  for (size_t match = 0; match < kMatches; ++match) queries_[match] = &queries.Add({{"match", kMatchNames[match]}});
  const auto counter = [this](const char* name, const char* help) {
    return &prometheus::BuildCounter().Name(name).Help(help).Register(*registry_).Add({});
  };
  cache_hits_ = counter("kindred_cache_hits_total", "Queries answered from the cache of answers");
  cache_misses_ = counter("kindred_cache_misses_total", "Queries answered from the index");
  swaps_ = counter("kindred_index_swaps_total", "Times that another index version was taken into service");
  refused_versions_ = counter("kindred_index_rejected_total",
                              "Published index versions that were refused because they are damaged or too new");
}

ServerMetrics::~ServerMetrics() = default;

void ServerMetrics::CountCall(Method method, absl::StatusCode code, MatchKind match, absl::Duration duration) {
  const auto m = static_cast<size_t>(method);
  if (code == absl::StatusCode::kOk) {
    ok_requests_[m][static_cast<size_t>(match)]->Increment();
  } else {
    requests_->Add({{"method", kMethodNames[m]}, {"code", absl::StatusCodeToString(code)}, {"match", ""}}).Increment();
  }
  durations_[m]->Observe(absl::ToDoubleSeconds(duration));
}

void ServerMetrics::CountQuery(MatchKind match, bool cached) {
  queries_[static_cast<size_t>(match)]->Increment();
  (cached ? cache_hits_ : cache_misses_)->Increment();
}

void ServerMetrics::CountSwap() { swaps_->Increment(); }
void ServerMetrics::CountRefusedVersion() { refused_versions_->Increment(); }

std::shared_ptr<prometheus::Collectable> ServerMetrics::collectable() const { return registry_; }

}  // namespace kindred
