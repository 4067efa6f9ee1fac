#include "server/snapshot_metrics.h"

#include <vector>

#include "index/store/size_check.h"
#include "kindred/index/v1/index_info.pb.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "rocksdb/cache.h"
#include "server/snapshot_store.h"

namespace kindred {
namespace {

prometheus::MetricFamily Gauge(const char* name, const char* help, double value) {
  prometheus::ClientMetric metric;
  metric.gauge.value = value;
  return {name, help, prometheus::MetricType::Gauge, {metric}};
}

// Figures of the build's own measurement, where it made one.
constexpr struct {
  const char* figure;
  const char* name;
  const char* help;
} kQuality[] = {
    {"hit@10", "kindred_index_build_hit_ratio",
     "At build: share of held-out searches whose next query was among ten keywords"},
    {"mrr@10", "kindred_index_build_mrr", "At build: mean of 1 / the place of the next query among ten keywords"},
    {"coverage", "kindred_index_build_coverage_ratio", "At build: share of held-out searches that got any keyword"},
};

class SnapshotMetrics final : public prometheus::Collectable {
 public:
  explicit SnapshotMetrics(const SnapshotStore* store) : store_(store) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    const std::shared_ptr<const Snapshot> snapshot = store_->Current();
    const index::v1::IndexInfo& info = snapshot->info();
    const uint64_t queries = CountLists(info);
    const auto number = [](auto value) { return static_cast<double>(value); };
    std::vector<prometheus::MetricFamily> families = {
        Gauge("kindred_index_version", "The index version that is served", number(snapshot->version())),
        Gauge("kindred_index_built_timestamp_seconds", "When the served version was built, since 1970 UTC",
              number(info.built_at_ms()) / 1000),
        Gauge("kindred_index_queries", "Queries that have a list of related keywords, over all markets",
              number(queries)),
        Gauge("kindred_index_bytes", "Size of the served version on disk", number(info.bytes())),
        Gauge("kindred_cache_bytes", "Memory that the cache of answers takes", number(snapshot->cache().used_bytes())),
        Gauge("kindred_cache_capacity_bytes", "Memory that the cache of answers may take",
              number(snapshot->cache().capacity_bytes())),
        Gauge("kindred_block_cache_bytes", "Memory that the parts of the index that were read lately take",
              number(store_->block_cache().GetUsage())),
        Gauge("kindred_block_cache_capacity_bytes", "Memory that the parts of the index that were read lately may take",
              number(store_->block_cache().GetCapacity())),
    };
    if (const Blocklist* const blocklist = snapshot->blocklist(); blocklist != nullptr) {
      families.push_back(
          Gauge("kindred_blocklist_lines", "Keywords and patterns that are not shown", number(blocklist->lines())));
      families.push_back(Gauge("kindred_blocklist_refused",
                               "1: the blocklist's file changed and is no good; the one before is in force",
                               store_->blocklist_refused() ? 1 : 0));
    }
    if (const auto active = store_->root().Active(); active.ok() && active->has_value()) {
      families.push_back(Gauge("kindred_index_active_version", "The version that ACTIVE names: what ought to be served",
                               number(**active)));
    }
    if (info.log().last_event_ms() > 0) {
      families.push_back(Gauge("kindred_index_log_end_timestamp_seconds",
                               "When the last event was that the served version was built from, since 1970 UTC",
                               number(info.log().last_event_ms()) / 1000));
    }
    for (const auto& [figure, name, help] : kQuality) {
      for (const index::v1::QualityFigure& quality : info.quality()) {
        if (quality.name() == figure) families.push_back(Gauge(name, help, quality.value()));
      }
    }
    return families;
  }

 private:
  const SnapshotStore* const store_;
};

}  // namespace

std::shared_ptr<prometheus::Collectable> MakeSnapshotMetrics(const SnapshotStore* store) {
  return std::make_shared<SnapshotMetrics>(store);
}

}  // namespace kindred
