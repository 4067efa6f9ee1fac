#include "index/evaluate/baselines.h"

#include <algorithm>
#include <numeric>

#include "index/rank/rank_options.h"

namespace kindred {
namespace {

constexpr size_t kMaxPopular = 101;

NeighborRows AllNeighbors(const MinedLog& mined) {
  RankOptions options;
  options.min_users = 1;
  options.min_pair_users = 1;
  options.caps.row = 0;
  return BuildNeighborRows(mined, options);
}

}  // namespace

Baselines::Baselines(const EventTable& table, const MinedLog& mined) : neighbors_(AllNeighbors(mined)) {
  for (QueryId query = 0; query < table.queries.size(); ++query) ids_[table.queries[query].text()] = query;
  popular_.resize(table.queries.size());
  std::iota(popular_.begin(), popular_.end(), 0);
  const auto end = popular_.begin() + std::min(kMaxPopular, popular_.size());
  std::partial_sort(popular_.begin(), end, popular_.end(), [&](QueryId x, QueryId y) {
    const uint32_t a = mined.counts[x].searches, b = mined.counts[y].searches;
    return a != b ? a > b : x < y;
  });
  popular_.erase(end, popular_.end());
}

std::vector<QueryId> Baselines::Popularity(const NormalizedQuery& source, size_t limit) const {
  const auto self = ids_.find(source.text());
  std::vector<QueryId> list;
  for (const QueryId query : popular_) {
    if (list.size() == limit) break;
    if (self == ids_.end() || query != self->second) list.push_back(query);
  }
  return list;
}

std::vector<QueryId> Baselines::UserCountFilled(const NormalizedQuery& source, size_t limit) const {
  std::vector<QueryId> list;
  if (const auto self = ids_.find(source.text()); self != ids_.end()) {
    const absl::Span<const Neighbor> row = neighbors_.rows[self->second];
    std::vector<Neighbor> best(row.begin(), row.end());
    const auto end = best.begin() + std::min(limit, best.size());
    std::partial_sort(best.begin(), end, best.end(), [](const Neighbor& x, const Neighbor& y) {
      return x.users != y.users ? x.users > y.users : x.query < y.query;
    });
    for (auto it = best.begin(); it != end; ++it) list.push_back(it->query);
  }
  for (const QueryId query : Popularity(source, limit)) {
    if (list.size() == limit) break;
    if (std::find(list.begin(), list.end(), query) == list.end()) list.push_back(query);
  }
  return list;
}

}  // namespace kindred
