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
  uint32_t users_after;      // Of `users`, those who searched the neighbour after the row's query.
  uint32_t users_next : 31;  // Of `users`, those who once searched it right after, in one session.
  uint32_t evident : 1;      // Tells that the two go together: see ChanceOfPair().
};
static_assert(sizeof(Neighbor) == 20);

// Whether a query may be a keyword of any list: enough people searched it, and it does not lead to an empty page.
bool MayBeShown(const QueryCounts& counts, const RankOptions& options);
// The same of every query, to be asked here and there: a bit each stays in a near cache.
std::vector<bool> ShownQueries(const MinedLog& mined, const RankOptions& options);

// How likely at least `users` people search both of two queries that have nothing to do with each other, where
// `expected` do by chance: the upper tail of a Poisson distribution, exact to 1e-3 of itself below 100 expected, by a
// normal distribution above.
double ChanceOfPair(uint32_t users, double expected);

// A pair is evidence only where somebody searched both in one session, where so many times more people searched both
// than chance brings (those who look for free shipping search more of everything), and where chance brings as many
// people together less often than this: so seldom that about ten pairs of a market pass by chance; in a small log,
// whose pairs are too few to prove much, one time in four. docs/relevance.md shows what lists look like with these
// rules.
inline constexpr double kMinLift = 2;
double MaxChance(size_t pairs);

struct NeighborRows {
  // Neighbours that may be shown, the strongest of each row by users + sessions, ties by
  // id; each row ascends by id.
  SparseRows<Neighbor> rows;
  // Sum over all neighbours, shown or not, of users, by query.
  SpillVector<double> user_sums;
  uint64_t rows_cut = 0;  // By RankCaps::row.
};

// In the mined log's memory.
NeighborRows BuildNeighborRows(const MinedLog& mined, const RankOptions& options);

}  // namespace kindred
