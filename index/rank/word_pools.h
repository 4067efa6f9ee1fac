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

struct WordPools {
  SparseRows<WordId> words_of_query;  // Distinct, ascending. Empty for queries without a search.
  std::vector<double> idf;            // ln(1 + V / (1 + queries that hold the word)), V = queries with a search.
  SparseRows<PoolEntry> pools;        // By word: the strongest by users + sessions, ties by id.
  std::vector<double> user_sums;      // By word: the sum of its queries' NeighborRows::user_sums.
};

//   Internal: no word-break data.
absl::StatusOr<WordPools> BuildWordPools(absl::Span<const NormalizedQuery> queries, const MinedLog& mined,
                                         const NeighborRows& neighbors, const RankOptions& options, RankReport& report);

// Words in both, of two ascending rows.
uint32_t CountShared(absl::Span<const WordId> a, absl::Span<const WordId> b);

}  // namespace kindred
