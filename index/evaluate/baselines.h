// Simple methods that the ranking must beat, computed from the same log.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/evaluate/association.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/sparse_rows.h"
#include "index/text/normalized_query.h"

namespace kindred {

// Each but popularity orders the queries that people searched too, and fills the rest of its list with the most
// searched ones: so no method loses for showing fewer keywords. Formulas: association.h.
enum class Baseline {
  kUserCount,      // Distinct users who searched both.
  kCosine,         // CosineScore() of distinct users.
  kPmiSquared,     // PmiSquaredScore() of sessions with both, against the searches of each.
  kLogLikelihood,  // LogLikelihoodScore() of distinct users.
  kPopularity,     // The most searched queries, whatever the source.
};
inline constexpr std::array<Baseline, 5> kBaselines = {Baseline::kUserCount, Baseline::kCosine, Baseline::kPmiSquared,
                                                       Baseline::kLogLikelihood, Baseline::kPopularity};
// "cosine + popularity".
absl::string_view BaselineName(Baseline baseline);

// Thread-safe once made. Table and mined log must outlive it. REQUIRES: `mined` keeps pairs of one user
// (min_pair_users 1).
class Baselines {
 public:
  using Lists = std::array<std::vector<QueryId>, kBaselines.size()>;  // By Baseline.

  // For `sources` alone, which are all that may be asked for; what the table does not know counts for nothing.
  Baselines(const EventTable& table, const MinedLog& mined, absl::Span<const NormalizedView> sources);

  // The best `limit` (at most 100) queries, the source left out, and those that lead to an empty page; ties by bytes.
  Lists ListsOf(NormalizedView source, size_t limit) const;

 private:
  struct Neighbor {
    QueryId query;
    uint32_t users, searches;
    const PairCounts* pair;
  };
  std::vector<Neighbor> Neighbors(QueryId source) const;
  std::vector<QueryId> Best(Baseline baseline, QueryId source, absl::Span<const Neighbor> neighbors,
                            size_t limit) const;

  const EventTable& table_;
  const MinedLog& mined_;
  std::vector<bool> shown_;          // By query: it leads somewhere.
  std::vector<QueryId> popular_;     // Enough for any limit up to 100.
  SparseRows<uint32_t> pairs_by_b_;  // Of sources: indexes into mined_.pairs, whose order finds those by a.
};

}  // namespace kindred
