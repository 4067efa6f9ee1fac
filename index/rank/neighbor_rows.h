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

struct NeighborRows {
  // Neighbours that may be shown (of at least min_users users), the strongest of each row by users + sessions, ties by
  // id; each row ascends by id.
  SparseRows<Neighbor> rows;
  // Sum over all neighbours, shown or not, of users (of sessions), by query.
  std::vector<double> user_sums;
};

NeighborRows BuildNeighborRows(const MinedLog& mined, const RankOptions& options, RankReport& report);

}  // namespace kindred
