// What people who searched any query with a given word searched too: the stage "words" of ranking. A query borrows the
// evidence of its words where its own is thin.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "index/mine/event_table.h"
#include "index/rank/neighbor_rows.h"
#include "index/rank/rank_options.h"
#include "index/rank/sparse_rows.h"
#include "index/rank/word_tags.h"

namespace kindred {

using WordId = uint32_t;

// The sum of the rows of all queries that hold a word.
struct PoolEntry {
  QueryId query;
  float users;
  float sessions;
};

// A word is of a topic where people who search one query that holds it search others that hold it: at least
// kMinCoherence of their other searches do, of a thin word's as though kPriorSearches more had gone 3 to 7; and the
// odds that they do are at least kMinOddsRatio times the odds if every query went with any other. Else it goes with
// everything ("white", "free shipping", an "of" that is in a quarter of a shop's searches) and is no evidence by
// itself; nor is a single character of a script without spaces, most of which are torn from words of different meanings
// (the 貼 of 便利貼 and 保護貼). On the log of docs/relevance.md the common words that pass kMinCoherence have odds
// ratios of 1.6 ("of"), 1.9 ("3"), 2.0 ("gears"), 9 ("12") and more.
inline constexpr double kMinCoherence = .2;
inline constexpr double kPriorSearches = 10, kPriorCoherence = .3;
inline constexpr double kMinOddsRatio = 2;

struct WordPools {
  SparseRows<WordId> words_of_query;  // Distinct, ascending. Empty for queries without a search.
  std::vector<double> idf;            // ln(1 + V / (1 + queries that hold the word)), V = queries with a search.
  std::vector<WordTag> tags;          // By word.
  std::vector<bool> is_hub;           // By word: goes with everything, see above.
  SparseRows<QueryId> shown_of_word;  // Its queries that may be shown, ascending.
  SparseRows<PoolEntry> pools;        // By word: the strongest by users + sessions, ties by id.
  std::vector<double> user_sums;      // By word: the sum of its queries' NeighborRows::user_sums.
  uint64_t pools_cut = 0;             // By RankCaps::word_pool.
};

// In the mined log's memory. The same for any number of threads, which must be above 0.
//   Internal: no word-break data.
absl::StatusOr<WordPools> BuildWordPools(absl::Span<const NormalizedView> queries, const MinedLog& mined,
                                         const NeighborRows& neighbors, const RankOptions& options,
                                         uint32_t threads = 1);

}  // namespace kindred
