// For each query, the queries that people searched too: the stage "rows" of ranking.
#pragma once

#include <cstdint>
#include <vector>

#include "index/mine/mined_log.h"
#include "index/rank/rank_options.h"
#include "index/rank/sparse_rows.h"

namespace kindred {

// One direction of a pair.
struct Neighbor {
  QueryId query;
  uint32_t users;
  uint32_t sessions;
  uint32_t users_after;  // Of `users`, those who searched the neighbour after the row's query.
};

// Whether a query may be a keyword of any list: enough people searched it, and it does not lead to an empty page.
bool MayBeShown(const QueryCounts& counts, const RankOptions& options);

struct NeighborRows {
  // Neighbours that may be shown, the strongest of each row by users + sessions, ties by
  // id; each row ascends by id.
  SparseRows<Neighbor> rows;
  // Sum over all neighbours, shown or not, of users, by query.
  std::vector<double> user_sums;
  uint64_t rows_cut = 0;  // By RankCaps::row.
};

NeighborRows BuildNeighborRows(const MinedLog& mined, const RankOptions& options);

}  // namespace kindred
