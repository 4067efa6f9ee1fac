// Simple methods that the ranking must beat, computed from the same log.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/neighbor_rows.h"
#include "index/text/normalized_query.h"

namespace kindred {

// Thread-safe once made. The table must outlive it. REQUIRES: `mined` keeps pairs of one user (min_pair_users 1).
class Baselines {
 public:
  Baselines(const EventTable& table, const MinedLog& mined);

  // The most searched queries, the source left out; ties by bytes.
  std::vector<QueryId> Popularity(const NormalizedQuery& source, size_t limit) const;
  // The queries that most distinct users searched too, then the most searched ones.
  std::vector<QueryId> UserCountFilled(const NormalizedQuery& source, size_t limit) const;

 private:
  std::vector<QueryId> popular_;  // Enough for any limit up to 100.
  absl::flat_hash_map<absl::string_view, QueryId> ids_;
  NeighborRows neighbors_;
};

}  // namespace kindred
