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

namespace kindred {

using WordId = uint32_t;

// The sum of the rows of all queries that hold a word.
struct PoolEntry {
  QueryId query;
  float users;
  float sessions;
};

// A word in more of the queries than this (and in more than kMinHubQueries) is no evidence by itself: "of", "free
// shipping". Words of a topic stay below in a shop of many categories; in one of a single category it costs .009 of
// hit@10 (standard error .014), whose lists lose what shared no more than the category's name.
inline constexpr double kHubWordShare = .02;
inline constexpr uint32_t kMinHubQueries = 50;

struct WordPools {
  SparseRows<WordId> words_of_query;  // Distinct, ascending. Empty for queries without a search.
  std::vector<double> idf;            // ln(1 + V / (1 + queries that hold the word)), V = queries with a search.
  std::vector<bool> is_hub;           // By word: goes with everything; held by more than kHubWordShare of the queries.
  SparseRows<PoolEntry> pools;        // By word: the strongest by users + sessions, ties by id.
  std::vector<double> user_sums;      // By word: the sum of its queries' NeighborRows::user_sums.
  uint64_t pools_cut = 0;             // By RankCaps::word_pool.
};

//   Internal: no word-break data.
absl::StatusOr<WordPools> BuildWordPools(absl::Span<const NormalizedQuery> queries, const MinedLog& mined,
                                         const NeighborRows& neighbors, const RankOptions& options);

// Words in both, of two ascending rows.
uint32_t CountShared(absl::Span<const WordId> a, absl::Span<const WordId> b);

}  // namespace kindred
