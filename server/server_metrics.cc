#include "server/server_metrics.h"

#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/metric_family.h"
#include "prometheus/registry.h"
#include "server/call_metrics.h"
#include "server/sharded_counters.h"

namespace kindred {
namespace {

constexpr std::array<const char*, 2> kMethods = {"GetRelatedKeywords", "BatchGetRelatedKeywords"};
constexpr std::array<const char*, 3> kMatches = {"exact", "similar", "none"};
constexpr std::array<const char*, 2> kCached = {"false", "true"};

std::vector<std::string> FullMethodNames() {
  std::vector<std::string> names;
  for (const char* method : kMethods) names.push_back(absl::StrCat("kindred.v1.RelatedSearchService/", method));
  return names;
}

size_t QueryCounter(size_t match, size_t cached) { return match * kCached.size() + cached; }

// All that a server counts, on one page.
class Page final : public prometheus::Collectable {
 public:
  Page(std::shared_ptr<const CallMetrics> calls, std::shared_ptr<const ShardedCounters> queries,
       std::shared_ptr<const prometheus::Registry> registry)
      : calls_(std::move(calls)), queries_(std::move(queries)), registry_(std::move(registry)) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    std::vector<prometheus::MetricFamily> families = calls_->Collect();
    families.push_back(Queries());
    std::vector<prometheus::MetricFamily> seldom = registry_->Collect();
    std::move(seldom.begin(), seldom.end(), std::back_inserter(families));
    return families;
  }

 private:
  prometheus::MetricFamily Queries() const {
    prometheus::MetricFamily family = {"kindred_queries_total",
                                       "Queries looked up, singly or in batches, by how they were matched and whether "
                                       "the answer was in the cache",
                                       prometheus::MetricType::Counter,
                                       {}};
    for (size_t match = 0; match < kMatches.size(); ++match) {
      for (size_t cached = 0; cached < kCached.size(); ++cached) {
        prometheus::ClientMetric metric;
        metric.label = {{"match", kMatches[match]}, {"cached", kCached[cached]}};
        metric.counter.value = static_cast<double>(queries_->Sum(QueryCounter(match, cached)));
        family.metric.push_back(std::move(metric));
      }
    }
    return family;
  }

  const std::shared_ptr<const CallMetrics> calls_;
  const std::shared_ptr<const ShardedCounters> queries_;
  const std::shared_ptr<const prometheus::Registry> registry_;
};

}  // namespace

ServerMetrics::ServerMetrics()
    : calls_(std::make_shared<CallMetrics>(FullMethodNames())),
      queries_(std::make_shared<ShardedCounters>(QueryCounter(kMatches.size(), 0))),
      registry_(std::make_shared<prometheus::Registry>()) {
  const auto counter = [this](const char* name, const char* help) {
    return &prometheus::BuildCounter().Name(name).Help(help).Register(*registry_).Add({});
  };
  swaps_ = counter("kindred_index_swaps_total", "Times that another index version was taken into service");
  refused_versions_ =
      counter("kindred_index_rejected_total",
              "Published index versions that were refused because they are damaged, too new or too small");
  refused_connections_ = counter("kindred_connections_refused_total",
                                 "Connections that were closed at once because --max_connections were open");
  active_is_refused_ = &prometheus::BuildGauge()
                            .Name("kindred_index_refused")
                            .Help("1: the version that ACTIVE names was refused, and another one is served")
                            .Register(*registry_)
                            .Add({});
}

ServerMetrics::~ServerMetrics() = default;

void ServerMetrics::CountQuery(MatchKind match, bool cached) {
  queries_->Add(QueryCounter(static_cast<size_t>(match), cached ? 1 : 0));
}

void ServerMetrics::CountSwap() { swaps_->Increment(); }
void ServerMetrics::CountRefusedVersion() { refused_versions_->Increment(); }
void ServerMetrics::SetActiveIsRefused(bool refused) { active_is_refused_->Set(refused ? 1 : 0); }
void ServerMetrics::CountRefusedConnection() { refused_connections_->Increment(); }

std::shared_ptr<prometheus::Collectable> ServerMetrics::collectable() const {
  return std::make_shared<Page>(calls_, queries_, registry_);
}

CountedCall::CountedCall(ServerMetrics* metrics, Method method, size_t received_bytes)
    : metrics_(metrics), method_(method), received_bytes_(received_bytes) {
  metrics_->calls().CountStarted(static_cast<size_t>(method_));
}

void CountedCall::Finish(absl::StatusCode code, size_t sent_bytes) const {
  metrics_->calls().CountFinished({.method = static_cast<size_t>(method_),
                                   .code = code,
                                   .duration = age(),
                                   .received_bytes = received_bytes_,
                                   .sent_bytes = sent_bytes});
}

}  // namespace kindred
