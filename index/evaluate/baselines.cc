#include "index/evaluate/baselines.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "index/rank/neighbor_rows.h"
#include "index/rank/rank_options.h"

namespace kindred {
namespace {

constexpr size_t kMaxPopular = 101;

// The best of what is offered: score down, then id up.
class Shortlist {
 public:
  explicit Shortlist(size_t limit) : limit_(limit) {}

  void Offer(QueryId query, double score) {
    const auto at = std::find_if(best_.begin(), best_.end(), [&](const auto& other) {
      return score > other.second || (score == other.second && query < other.first);
    });
    if (at == best_.end() && best_.size() == limit_) return;
    best_.insert(at, {query, score});
    if (best_.size() > limit_) best_.pop_back();
  }
  // What is below is not taken.
  double least() const {
    return best_.size() < limit_ ? -std::numeric_limits<double>::infinity() : best_.back().second;
  }
  std::vector<QueryId> queries() const {
    std::vector<QueryId> queries;
    for (const auto& [query, score] : best_) queries.push_back(query);
    return queries;
  }

 private:
  const size_t limit_;
  std::vector<std::pair<QueryId, double>> best_;
};

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

Baselines::Baselines(const EventTable& table, const MinedLog& mined, absl::Span<const NormalizedView> sources)
    : table_(table), mined_(mined) {
  RankOptions anyone;
  anyone.min_users = 1;
  for (QueryId query = 0; query < table.queries.size(); ++query) {
    shown_.push_back(MayBeShown(mined.counts[query], anyone));
    if (shown_.back()) popular_.push_back(query);
  }
  const auto end = popular_.begin() + std::min(kMaxPopular, popular_.size());
  std::partial_sort(popular_.begin(), end, popular_.end(), [&](QueryId x, QueryId y) {
    const uint32_t a = mined.counts[x].searches, b = mined.counts[y].searches;
    return a != b ? a > b : x < y;
  });
  popular_.erase(end, popular_.end());
  std::vector<bool> asked(table.queries.size());
  for (const NormalizedView source : sources) {
    if (const std::optional<QueryId> id = table.Find(source); id.has_value()) asked[*id] = true;
  }
  pairs_by_b_ = SparseRows<uint32_t>::Collect(static_cast<uint32_t>(asked.size()), [&](const auto& put) {
    for (uint32_t i = 0; i < mined.pairs.size(); ++i) {
      if (asked[mined.pairs[i].b]) put(mined.pairs[i].b, [&] { return i; });
    }
  });
}

std::vector<Baselines::Neighbor> Baselines::Neighbors(QueryId source) const {
  std::vector<Neighbor> neighbors;
  const auto add = [&](QueryId neighbor, const PairCounts& pair) {
    if (shown_[neighbor])
      neighbors.push_back({neighbor, mined_.counts[neighbor].users, mined_.counts[neighbor].searches, &pair});
  };
  const auto before = [](const PairCounts& pair, QueryId a) { return pair.a < a; };
  for (auto it = std::lower_bound(mined_.pairs.begin(), mined_.pairs.end(), source, before);
       it != mined_.pairs.end() && it->a == source; ++it) {
    add(it->b, *it);
  }
  for (const uint32_t i : pairs_by_b_[source]) add(mined_.pairs[i].a, mined_.pairs[i]);
  return neighbors;
}

std::vector<QueryId> Baselines::Best(Baseline baseline, QueryId source, absl::Span<const Neighbor> neighbors,
                                     size_t limit) const {
  const QueryCounts& from = mined_.counts[source];
  const uint64_t all = mined_.report.users;
  const double log_rarity = std::log(static_cast<double>(all) / std::max<uint32_t>(1, from.users));
  Shortlist best(limit);
  for (const Neighbor& n : neighbors) {
    const TogetherCounts users{n.pair->users, from.users, n.users, all};
    switch (baseline) {
      case Baseline::kUserCount:
        best.Offer(n.query, n.pair->users);
        break;
      case Baseline::kCosine:
        best.Offer(n.query, CosineScore(users));
        break;
      case Baseline::kPmiSquared:
        if (n.pair->sessions == 0) break;
        best.Offer(n.query, PmiSquaredScore({n.pair->sessions, from.searches, n.searches, mined_.report.searches}));
        break;
      case Baseline::kLogLikelihood:
        if (!LogLikelihoodIsBelow(users, log_rarity, best.least())) best.Offer(n.query, LogLikelihoodScore(users));
        break;
      case Baseline::kPopularity:
        break;
    }
  }
  return best.queries();
}

Baselines::Lists Baselines::ListsOf(NormalizedView source, size_t limit) const {
  Lists lists;
  const std::optional<QueryId> self = table_.Find(source);
  const std::vector<Neighbor> neighbors = self.has_value() ? Neighbors(*self) : std::vector<Neighbor>();
  for (const Baseline baseline : kBaselines) {
    std::vector<QueryId>& list = lists[static_cast<size_t>(baseline)];
    if (self.has_value()) list = Best(baseline, *self, neighbors, limit);
    for (const QueryId query : popular_) {
      if (list.size() == limit) break;
      if (query != self && std::find(list.begin(), list.end(), query) == list.end()) list.push_back(query);
    }
  }
  return lists;
}

}  // namespace kindred
