#include "index/evaluate/baselines.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "index/rank/neighbor_rows.h"
#include "index/rank/rank_options.h"

namespace kindred {
namespace {

constexpr size_t kMaxPopular = 101;

bool LeadsSomewhere(const QueryCounts& counts) {
  RankOptions anyone;
  anyone.min_users = 1;
  return MayBeShown(counts, anyone);
}

}  // namespace

absl::string_view BaselineName(Baseline baseline) {
  switch (baseline) {
    case Baseline::kUserCount:
      return "user count + popularity";
    case Baseline::kCosine:
      return "cosine + popularity";
    case Baseline::kPmiSquared:
      return "PMI^2 + popularity";
    case Baseline::kLogLikelihood:
      return "log-likelihood ratio + popularity";
    case Baseline::kPopularity:
      return "popularity";
  }
  return "";
}

Baselines::Baselines(const EventTable& table, const MinedLog& mined) : table_(table), mined_(mined) {
  for (QueryId query = 0; query < table.queries.size(); ++query) {
    if (LeadsSomewhere(mined.counts[query])) popular_.push_back(query);
  }
  const auto end = popular_.begin() + std::min(kMaxPopular, popular_.size());
  std::partial_sort(popular_.begin(), end, popular_.end(), [&](QueryId x, QueryId y) {
    const uint32_t a = mined.counts[x].searches, b = mined.counts[y].searches;
    return a != b ? a > b : x < y;
  });
  popular_.erase(end, popular_.end());
  std::vector<uint32_t> indexes(mined.pairs.size());
  std::iota(indexes.begin(), indexes.end(), 0);
  pairs_by_b_ = SparseRows<uint32_t>::Group(
      static_cast<uint32_t>(table.queries.size()), indexes, [&](uint32_t i) { return mined.pairs[i].b; },
      [](uint32_t i) { return i; });
}

std::optional<double> Baselines::Score(Baseline baseline, QueryId source, QueryId neighbor,
                                       const PairCounts& pair) const {
  const QueryCounts& from = mined_.counts[source];
  const QueryCounts& to = mined_.counts[neighbor];
  const TogetherCounts users{pair.users, from.users, to.users, mined_.report.users};
  switch (baseline) {
    case Baseline::kUserCount:
      return pair.users;
    case Baseline::kCosine:
      return CosineScore(users);
    case Baseline::kPmiSquared:
      if (pair.sessions == 0) return std::nullopt;
      return PmiSquaredScore({pair.sessions, from.searches, to.searches, mined_.report.searches});
    case Baseline::kLogLikelihood:
      return LogLikelihoodScore(users);
    case Baseline::kPopularity:
      return std::nullopt;
  }
  return std::nullopt;
}

std::vector<Baselines::Scored> Baselines::Neighbors(Baseline baseline, QueryId source) const {
  std::vector<Scored> neighbors;
  const auto add = [&](QueryId neighbor, const PairCounts& pair) {
    if (!LeadsSomewhere(mined_.counts[neighbor])) return;
    if (const std::optional<double> score = Score(baseline, source, neighbor, pair); score.has_value()) {
      neighbors.push_back({neighbor, *score});
    }
  };
  const auto before = [](const PairCounts& pair, QueryId a) { return pair.a < a; };
  for (auto it = std::lower_bound(mined_.pairs.begin(), mined_.pairs.end(), source, before);
       it != mined_.pairs.end() && it->a == source; ++it) {
    add(it->b, *it);
  }
  for (const uint32_t i : pairs_by_b_[source]) add(mined_.pairs[i].a, mined_.pairs[i]);
  return neighbors;
}

std::vector<QueryId> Baselines::List(Baseline baseline, const NormalizedQuery& source, size_t limit) const {
  std::vector<QueryId> list;
  const std::optional<QueryId> self = table_.Find(source);
  if (self.has_value() && baseline != Baseline::kPopularity) {
    std::vector<Scored> best = Neighbors(baseline, *self);
    const auto end = best.begin() + std::min(limit, best.size());
    std::partial_sort(best.begin(), end, best.end(), [](const Scored& x, const Scored& y) {
      return x.score != y.score ? x.score > y.score : x.query < y.query;
    });
    for (auto it = best.begin(); it != end; ++it) list.push_back(it->query);
  }
  for (const QueryId query : popular_) {
    if (list.size() == limit) break;
    if (query != self && std::find(list.begin(), list.end(), query) == list.end()) list.push_back(query);
  }
  return list;
}

}  // namespace kindred
