#include "index/evaluate/floor_costs.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "common/status_macros.h"
#include "index/evaluate/replay.h"
#include "index/rank/ranker.h"
#include "index/store/related_list.h"

namespace kindred {
namespace {

constexpr uint32_t kValues[] = {1, 2, 3, 5, 10};

// Fingerprints of what was searched after each known source.
using Targets = std::map<QueryId, std::vector<uint32_t>>;

Targets SampleTargets(const EventTable& table, const MinedLog& mined, absl::Span<const HeldOutPair> held_out,
                      size_t max_pairs) {
  Targets sample;
  const size_t step = std::max<size_t>(1, (held_out.size() + max_pairs - 1) / max_pairs);
  for (size_t i = 0; i < held_out.size(); i += step) {
    const std::optional<QueryId> source = table.Find(held_out[i].source);
    if (source.has_value() && mined.counts[*source].searches > 0)
      sample[*source].push_back(QueryFingerprint(held_out[i].target));
  }
  return sample;
}

absl::StatusOr<RankingMetrics> QualityOf(const EventTable& train, const MinedLog& mined, const Targets& targets,
                                         const RankOptions& options, RankingMetrics metrics) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Ranker> ranker, Ranker::Create(train, mined, options));
  for (const auto& [source, wanted] : targets) {
    const std::optional<RelatedList> list = ranker->Rank(source);
    for (const uint32_t target : wanted) {
      std::optional<uint32_t> rank;
      for (size_t i = 0; list.has_value() && i < list->candidates.size() && !rank.has_value(); ++i) {
        if (list->candidates[i].query_fingerprint == target) rank = static_cast<uint32_t>(i + 1);
      }
      metrics.AddTrial(rank, list.has_value());
    }
  }
  return metrics;
}

// The entry of a flag's value, made where there is none.
FloorCost& CostOf(const char* flag, uint32_t value, std::vector<FloorCost>& costs) {
  for (FloorCost& cost : costs) {
    if (cost.flag == flag && cost.value == value) return cost;
  }
  return costs.emplace_back(FloorCost{flag, value, {}});
}

}  // namespace

absl::Status AddFloorCosts(const EventTable& train, const MinedLog& mined, absl::Span<const HeldOutPair> held_out,
                           const RankOptions& options, size_t max_pairs, std::vector<FloorCost>& costs) {
  if (max_pairs == 0) return absl::OkStatus();
  const Targets targets = SampleTargets(train, mined, held_out, max_pairs);
  for (const char* flag : {"min_users", "min_pair_users"}) {
    const bool keywords = std::string(flag) == "min_users";
    std::set<uint32_t> values(std::begin(kValues), std::end(kValues));
    values.insert(keywords ? options.min_users : options.min_pair_users);
    for (const uint32_t value : values) {
      RankOptions changed = options;
      changed.list_size = kEvaluatedListSize;
      (keywords ? changed.min_users : changed.min_pair_users) = value;
      if (!keywords) changed.min_shared_users = value;
      FloorCost& cost = CostOf(flag, value, costs);
      ASSIGN_OR_RETURN(cost.metrics, QualityOf(train, mined, targets, changed, cost.metrics));
    }
  }
  return absl::OkStatus();
}

}  // namespace kindred
