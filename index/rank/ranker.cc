#include "index/rank/ranker.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "common/status_macros.h"

namespace kindred {
namespace {

// Constants of the formula. Each was varied by a factor of 2.5 or more either way: hit@10 moved by at most .002. So
// did MRR@10, but for a walk floor of 1e-3, which cost .006.
constexpr double kTokenBackOff = 8;
constexpr double kPopularityBackOff = 20;
constexpr double kWalkFloor = 1e-4;

// The popular queries that may fill a list: so many by all searches, by recent ones, and as follow-ups. Without any
// of them as candidates hit@10 was the same.
constexpr uint32_t kMostSearched = 60, kMostRecent = 60, kMostFollowed = 40;

// Fewest users of a query that gets a list of its own; the others are answered through near queries, which costs
// nothing at build time. On a thin log every list helps (hit@10 .275 beside .270, answered .987 beside .969); on a
// large one most queries are one person's, and ranking them doubles the time.
uint32_t MinSourceUsers(uint32_t min_users) { return min_users < 5 ? 1 : 2; }

}  // namespace

Ranker::Ranker(const EventTable& table, const MinedLog& mined, const RankOptions& options)
    : table_(table),
      mined_(mined),
      options_(options),
      neighbors_(BuildNeighborRows(mined, options_)),
      products_(BuildProductWalks(mined, options_)),
      cells_(static_cast<uint32_t>(table.queries.size())),
      spellings_(table.queries.size()) {
  for (const QueryCounts& counts : mined.counts) recent_sum_ += counts.recent;
}

absl::StatusOr<std::unique_ptr<Ranker>> Ranker::Create(const EventTable& table, const MinedLog& mined,
                                                       const RankOptions& options) {
  std::unique_ptr<Ranker> ranker(new Ranker(table, mined, options));
  ASSIGN_OR_RETURN(ranker->words_, BuildWordPools(table.queries, mined, ranker->neighbors_, options));
  if (options.popular_fill > 0) ranker->FindPopular();
  return ranker;
}

RankReport Ranker::report() const {
  return {.rows_cut = neighbors_.rows_cut,
          .word_pools_cut = words_.pools_cut,
          .products_of_query_cut = products_.products_of_query_cut,
          .queries_of_product_cut = products_.queries_of_product_cut,
          .walks_cut = products_.walks_cut};
}

void Ranker::FindPopular() {
  std::vector<QueryId> shown;
  for (QueryId query = 0; query < mined_.counts.size(); ++query) {
    if (MayBeShown(mined_.counts[query], options_)) shown.push_back(query);
  }
  const auto take = [&](uint32_t limit, auto key) {
    std::vector<QueryId> order = shown;
    const auto end = order.begin() + std::min<size_t>(limit, order.size());
    std::partial_sort(order.begin(), end, order.end(), [&](QueryId x, QueryId y) {
      const double a = key(mined_.counts[x]), b = key(mined_.counts[y]);
      return a != b ? a > b : x < y;
    });
    popular_.insert(popular_.end(), order.begin(), end);
  };
  take(kMostSearched, [](const QueryCounts& c) { return static_cast<double>(c.searches); });
  take(kMostRecent, [](const QueryCounts& c) { return c.recent; });
  take(kMostFollowed, [](const QueryCounts& c) { return static_cast<double>(c.followups); });
}

// Adds the source's own row, its words' pools and its products' rows into the cells; returns sum_b TU(source, b).
double Ranker::SumRows(QueryId source) {
  cells_.Clear();
  for (const Neighbor& neighbor : neighbors_.rows[source]) {
    Cell& cell = cells_.at(neighbor.query);
    cell.users = neighbor.users;
    cell.users_after = neighbor.users_after;
    cell.sessions = neighbor.sessions;
  }
  const absl::Span<const WordId> words = words_.words_of_query[source];
  double pool_sum = 0;
  for (const WordId word : words) {
    const double idf = words_.idf[word];
    pool_sum += idf * words_.user_sums[word];
    for (const PoolEntry& entry : words_.pools[word]) {
      Cell& cell = cells_.at(entry.query);
      cell.pool_users += static_cast<float>(idf * entry.users);
      cell.pool_sessions += static_cast<float>(idf * entry.sessions);
    }
  }
  for (const Step& product : products_.products_of_query[source]) {
    for (const Step& step : products_.queries_of_product[product.id]) cells_.at(step.id).walk1 += product.p * step.p;
    for (const Step& step : products_.walk_of_product[product.id]) cells_.at(step.id).walk2 += product.p * step.p;
  }
  for (const QueryId query : popular_) cells_.at(query);
  return pool_sum - cells_[source].pool_users;
}

Signals Ranker::SignalsOf(QueryId source, QueryId query, double pool_sum, double idf_sum) const {
  const Cell& cell = cells_[query];
  const double popularity = mined_.counts[query].recent / recent_sum_;
  const double prior = kPopularityBackOff * idf_sum;
  const double token = (cell.pool_users + prior * popularity) / (pool_sum + prior);
  const absl::Span<const WordId> a = words_.words_of_query[source], b = words_.words_of_query[query];
  const double shared = CountShared(a, b);
  Signals signals;
  signals[kPair] = static_cast<float>(std::log(cell.users + cell.sessions + kTokenBackOff * token));
  signals[kToken] = static_cast<float>(std::log1p(cell.pool_sessions));
  signals[kWalk1] = static_cast<float>(std::log(kWalkFloor + cell.walk1));
  signals[kWalk2] = static_cast<float>(std::log(kWalkFloor + cell.walk2));
  signals[kJaccard] = static_cast<float>(shared / (static_cast<double>(a.size() + b.size()) - shared));
  return signals;
}

std::vector<ScoredQuery> Ranker::Score(QueryId source) {
  const double pool_sum = SumRows(source);
  double idf_sum = 1e-9;
  for (const WordId word : words_.words_of_query[source]) idf_sum += words_.idf[word];
  std::vector<ScoredQuery> scored;
  for (const QueryId query : cells_.touched()) {
    if (query == source) continue;
    const Cell& cell = cells_[query];
    const Signals signals = SignalsOf(source, query, pool_sum, idf_sum);
    const float score = std::inner_product(signals.begin(), signals.end(), options_.weights.begin(), 0.f);
    scored.push_back({query, cell.users, cell.users_after, score, signals});
  }
  std::sort(scored.begin(), scored.end(), [&](const ScoredQuery& x, const ScoredQuery& y) {
    if (x.score != y.score) return x.score > y.score;
    if (x.users != y.users) return x.users > y.users;
    return table_.spellings[mined_.counts[x.query].display].display <
           table_.spellings[mined_.counts[y.query].display].display;
  });
  return scored;
}

// A word that goes with everything ("of", "free shipping") tells nothing, unless the keyword holds the whole source
// query.
uint32_t Ranker::SharedWords(QueryId source, QueryId query) const {
  const absl::Span<const WordId> a = words_.words_of_query[source], b = words_.words_of_query[query];
  const uint32_t shared = CountShared(a, b);
  if (shared == a.size()) return shared;
  return shared - static_cast<uint32_t>(std::count_if(a.begin(), a.end(), [&](WordId word) {
           return words_.is_hub[word] && std::binary_search(b.begin(), b.end(), word);
         }));
}

Evidence Ranker::EvidenceOf(QueryId source, const ScoredQuery& scored) const {
  return {.users = scored.users,
          .users_after = scored.users_after,
          .shared_products = CountShared(products_.all_of_query[source], products_.evidence_of_query[scored.query]),
          .shared_words = SharedWords(source, scored.query)};
}

const SpellingForm& Ranker::SpellingOf(QueryId query) {
  std::unique_ptr<SpellingForm>& form = spellings_[query];
  if (form == nullptr) form = std::make_unique<SpellingForm>(table_.queries[query]);
  return *form;
}

std::vector<ScoredQuery> Ranker::DropRespellings(QueryId source, std::vector<ScoredQuery> scored) {
  const SpellingForm& asked = SpellingOf(source);
  std::erase_if(scored, [&](const ScoredQuery& s) { return IsRespelling(asked, SpellingOf(s.query)); });
  // Whoever is searched by more people is kept; a spelling that is dropped drops no other.
  std::vector<size_t> by_users(scored.size());
  std::iota(by_users.begin(), by_users.end(), 0);
  std::stable_sort(by_users.begin(), by_users.end(), [&](size_t i, size_t j) {
    return mined_.counts[scored[i].query].users > mined_.counts[scored[j].query].users;
  });
  std::vector<size_t> kept;
  for (const size_t i : by_users) {
    const bool repeats = std::any_of(kept.begin(), kept.end(), [&](size_t j) {
      return IsRespelling(SpellingOf(scored[i].query), SpellingOf(scored[j].query));
    });
    if (!repeats) kept.push_back(i);
  }
  std::sort(kept.begin(), kept.end());
  std::vector<ScoredQuery> result;
  for (const size_t i : kept) result.push_back(scored[i]);
  return result;
}

std::optional<RelatedList> Ranker::Rank(QueryId source) {
  const QueryCounts& counts = mined_.counts[source];
  if (counts.searches == 0 || counts.users < MinSourceUsers(options_.min_users)) return std::nullopt;
  // Twice the list, so that enough is left once respellings are gone.
  const size_t pool_size = options_.drop_respellings ? 2 * options_.list_size : options_.list_size;
  std::vector<ScoredQuery> pool;
  uint32_t fill = 0;
  for (const ScoredQuery& scored : Score(source)) {
    if (pool.size() == pool_size) break;
    if (EvidenceOf(source, scored).any() || fill++ < options_.popular_fill) pool.push_back(scored);
  }
  if (options_.drop_respellings) pool = DropRespellings(source, std::move(pool));
  if (pool.empty()) return std::nullopt;
  pool.resize(std::min<size_t>(pool.size(), options_.list_size));
  RelatedList list{.display = table_.spellings[counts.display].display, .users = counts.users, .candidates = {}};
  for (const ScoredQuery& scored : pool) {
    list.candidates.push_back({.keyword = table_.spellings[mined_.counts[scored.query].display].display,
                               .query_fingerprint = QueryFingerprint(table_.queries[scored.query]),
                               .score = scored.score,
                               .evidence = EvidenceOf(source, scored),
                               .signals = scored.signals});
  }
  return list;
}

}  // namespace kindred
