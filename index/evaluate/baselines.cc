#include "index/evaluate/baselines.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "common/parallel_for.h"
#include "index/evaluate/association.h"
#include "index/rank/neighbor_rows.h"
#include "index/rank/rank_options.h"

namespace kindred {
namespace {

constexpr size_t kMaxPopular = 101;

// The best of what is offered: score down, then id up.
class Shortlist {
 public:
  void Offer(QueryId query, double score, size_t limit) {
    if (best_.size() == limit) {
      if (!Before({query, score}, best_.back())) return;
      best_.pop_back();
    }
    best_.insert(std::upper_bound(best_.begin(), best_.end(), Entry{query, score}, Before), {query, score});
  }
  // What is below is not taken.
  double least(size_t limit) const {
    return best_.size() < limit ? -std::numeric_limits<double>::infinity() : best_.back().score;
  }
  std::vector<QueryId> queries() const {
    std::vector<QueryId> queries;
    for (const Entry& entry : best_) queries.push_back(entry.query);
    return queries;
  }

 private:
  struct Entry {
    QueryId query;
    double score;
  };
  static bool Before(const Entry& x, const Entry& y) {
    return x.score != y.score ? x.score > y.score : x.query < y.query;
  }

  std::vector<Entry> best_;
};

// The best neighbours of a source, by Baseline; none by popularity.
class SourceShortlists {
 public:
  SourceShortlists(const MinedLog& mined, QueryId source)
      : log_(mined.report),
        from_(mined.counts[source]),
        log_rarity_(std::log(static_cast<double>(log_.users) / std::max<uint32_t>(1, from_.users))) {}

  void Offer(QueryId neighbor, const QueryCounts& counts, const PairCounts& pair, size_t limit) {
    const TogetherCounts users{pair.users, from_.users, counts.users, log_.users};
    ListOf(Baseline::kUserCount).Offer(neighbor, pair.users, limit);
    ListOf(Baseline::kCosine).Offer(neighbor, CosineScore(users), limit);
    if (pair.sessions > 0) {
      const TogetherCounts sessions{pair.sessions, from_.searches, counts.searches, log_.searches};
      ListOf(Baseline::kPmiSquared).Offer(neighbor, PmiSquaredScore(sessions), limit);
    }
    Shortlist& likely = ListOf(Baseline::kLogLikelihood);
    if (!LogLikelihoodIsBelow(users, log_rarity_, likely.least(limit))) {
      likely.Offer(neighbor, LogLikelihoodScore(users), limit);
    }
  }
  Baselines::Lists lists() const {
    Baselines::Lists lists;
    for (size_t i = 0; i < lists.size(); ++i) lists[i] = best_[i].queries();
    return lists;
  }

 private:
  Shortlist& ListOf(Baseline baseline) { return best_[static_cast<size_t>(baseline)]; }

  const MineReport& log_;
  const QueryCounts& from_;
  const double log_rarity_;
  std::array<Shortlist, kBaselines.size()> best_;
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

Baselines::Baselines(const EventTable& table, const MinedLog& mined, absl::Span<const NormalizedView> sources,
                     size_t limit, uint32_t threads)
    : table_(table), limit_(limit) {
  RankOptions anyone;
  anyone.min_users = 1;
  const std::vector<bool> shown = ShownQueries(mined, anyone);
  for (QueryId query = 0; query < shown.size(); ++query) {
    if (shown[query]) popular_.push_back(query);
  }
  const auto end = popular_.begin() + std::min(kMaxPopular, popular_.size());
  std::partial_sort(popular_.begin(), end, popular_.end(), [&](QueryId x, QueryId y) {
    const uint32_t a = mined.counts[x].searches, b = mined.counts[y].searches;
    return a != b ? a > b : x < y;
  });
  popular_ = std::vector<QueryId>(popular_.begin(), end);

  std::vector<uint32_t> place_of(shown.size(), UINT32_MAX);  // Of a source, in `lists`.
  std::vector<SourceShortlists> lists;
  for (const NormalizedView source : sources) {
    const std::optional<QueryId> id = table.Find(source);
    if (!id.has_value() || place_of[*id] != UINT32_MAX) continue;
    place_of[*id] = static_cast<uint32_t>(lists.size());
    lists.emplace_back(mined, *id);
  }
  // Each thread reads all pairs, for its own part of the sources: lists of parts of the pairs would take their memory
  // once a thread.
  const size_t parts = std::min<size_t>(threads, lists.size());
  ParallelFor(threads, parts, [&](uint32_t, size_t part) {
    const size_t first = lists.size() * part / parts, past = lists.size() * (part + 1) / parts;
    const auto offer = [&](QueryId source, QueryId neighbor, const PairCounts& pair) {
      const uint32_t place = place_of[source];
      if (place < first || place >= past || !shown[neighbor]) return;
      lists[place].Offer(neighbor, mined.counts[neighbor], pair, limit);
    };
    ForEachInBudget(mined.pairs, [&](const PairCounts& pair) {
      offer(pair.a, pair.b, pair);
      offer(pair.b, pair.a, pair);
    });
  });
  for (QueryId query = 0; query < place_of.size(); ++query) {
    if (place_of[query] != UINT32_MAX) best_.emplace(query, lists[place_of[query]].lists());
  }
}

Baselines::Lists Baselines::ListsOf(NormalizedView source) const {
  const std::optional<QueryId> self = table_.Find(source);
  const auto best = self.has_value() ? best_.find(*self) : best_.end();
  Lists lists = best != best_.end() ? best->second : Lists();
  for (std::vector<QueryId>& list : lists) {
    for (const QueryId query : popular_) {
      if (list.size() == limit_) break;
      if (query != self && std::find(list.begin(), list.end(), query) == list.end()) list.push_back(query);
    }
  }
  return lists;
}

}  // namespace kindred
