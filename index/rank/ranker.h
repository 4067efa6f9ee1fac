// The ranking: five signals of a pair of queries, one linear formula, and the list that a shopper may see. The stage
// "sources" of ranking: one source query at a time, from rows that earlier stages summed up.
//
// Signals of (a, b), natural logarithms; U and S are distinct users and sessions with both queries, TU and TS the same
// summed over every query that shares a word with a, each weighted by idf(w); W1 and W2 as in product_walks.h:
//   pair    = ln(U + S + 8 ptok),  ptok = (TU + 20 I p(b)) / (sum_b TU + 20 I),  I = sum of idf over a's words,
//             p(b) = b's share of recent searches
//   token   = ln(1 + TS)
//   walk1   = ln(1e-4 + W1)    (its weight is negative: it demotes other names of the same product)
//   walk2   = ln(1e-4 + W2)    (what neighbours of those products are called)
//   jaccard = |words(a) & words(b)| / |words(a) | words(b)|
// Every query that any of U, TU, W1 or W2 touches is scored. Measured in docs/relevance.md; smoothing by back-off after
// Dirichlet smoothing (Zhai and Lafferty, SIGIR 2001), walks after Craswell and Szummer (SIGIR 2007).
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/neighbor_rows.h"
#include "index/rank/product_walks.h"
#include "index/rank/rank_options.h"
#include "index/rank/word_pools.h"
#include "index/store/related_list.h"
#include "index/text/respelling.h"

namespace kindred {

// A query scored for a source.
struct ScoredQuery {
  QueryId query;
  uint32_t users;  // Who searched both; 0: known by its words or products alone.
  uint32_t users_after;
  float score;
  Signals signals;
};

// Not thread-safe (it keeps scratch memory between calls).
class Ranker {
 public:
  // Table and mined log must outlive the ranker and belong together.
  //   Internal: no word-break data.
  static absl::StatusOr<std::unique_ptr<Ranker>> Create(const EventTable& table, const MinedLog& mined,
                                                        const RankOptions& options);

  // Every query with at least min_users users that the source's evidence touches (and the most popular ones, where
  // popular_fill asks for them), best first in the total order of Candidate, the source left out.
  std::vector<ScoredQuery> Score(QueryId source);

  // The list to store: Score(), without keywords that lack evidence beyond popular_fill, without respellings of the
  // source and, of several spellings of one keyword, with the one that most users searched. nullopt: nothing to show,
  // or too few people searched the source (see MinSourceUsers() in the .cc).
  std::optional<RelatedList> Rank(QueryId source);

  RankReport report() const;

 private:
  struct Cell {
    bool touched = false;
    uint32_t users = 0, users_after = 0, sessions = 0;
    float pool_users = 0, pool_sessions = 0;
    float walk1 = 0, walk2 = 0;
  };

  Ranker(const EventTable& table, const MinedLog& mined, const RankOptions& options);
  void FindPopular();
  double SumRows(QueryId source);
  Signals SignalsOf(QueryId source, QueryId query, double pool_sum, double idf_sum) const;
  uint32_t SharedWords(QueryId source, QueryId query) const;
  Evidence EvidenceOf(QueryId source, const ScoredQuery& scored) const;
  const SpellingForm& SpellingOf(QueryId query);
  std::vector<ScoredQuery> DropRespellings(QueryId source, std::vector<ScoredQuery> scored);

  const EventTable& table_;
  const MinedLog& mined_;
  RankOptions options_;

  NeighborRows neighbors_;
  WordPools words_;
  ProductWalks products_;
  std::vector<QueryId> popular_;
  double recent_sum_ = 0;
  Accumulator<Cell> cells_;
  std::vector<std::unique_ptr<SpellingForm>> spellings_;  // By query, made when first asked for.
};

}  // namespace kindred
