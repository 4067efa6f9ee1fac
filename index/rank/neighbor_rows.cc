#include "index/rank/neighbor_rows.h"

#include <algorithm>

namespace kindred {

bool MayBeShown(const QueryCounts& counts, const RankOptions& options) {
  return counts.searches > 0 && counts.users >= options.min_users && !counts.found_nothing;
}

NeighborRows BuildNeighborRows(const MinedLog& mined, const RankOptions& options) {
  const uint32_t queries = static_cast<uint32_t>(mined.counts.size());
  NeighborRows result;
  result.user_sums.assign(queries, 0);
  struct Direction {
    QueryId source;
    Neighbor neighbor;
  };
  std::vector<Direction> directions;
  for (const PairCounts& pair : mined.pairs) {
    if (pair.users < options.min_pair_users) continue;
    result.user_sums[pair.a] += pair.users;
    result.user_sums[pair.b] += pair.users;
    if (MayBeShown(mined.counts[pair.b], options)) {
      directions.push_back({pair.a, {pair.b, pair.users, pair.sessions, pair.users_a_first}});
    }
    if (MayBeShown(mined.counts[pair.a], options)) {
      directions.push_back({pair.b, {pair.a, pair.users, pair.sessions, pair.users - pair.users_a_first}});
    }
  }
  const auto all = SparseRows<Neighbor>::Group(
      queries, directions, [](const Direction& d) { return d.source; }, [](const Direction& d) { return d.neighbor; });
  std::vector<Neighbor> row;
  for (QueryId query = 0; query < queries; ++query) {
    row.assign(all[query].begin(), all[query].end());
    result.rows_cut += KeepBest(row, options.caps.row, [](const Neighbor& x, const Neighbor& y) {
      const uint32_t a = x.users + x.sessions, b = y.users + y.sessions;
      return a != b ? a > b : x.query < y.query;
    });
    std::sort(row.begin(), row.end(), [](const Neighbor& x, const Neighbor& y) { return x.query < y.query; });
    result.rows.Append(row);
  }
  return result;
}

}  // namespace kindred
