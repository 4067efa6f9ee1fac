// Simple methods that the ranking must beat, computed from the same log.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
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
  Baselines(const EventTable& table, const MinedLog& mined);

  // The best `limit` (at most 100) queries, the source left out, and those that lead to an empty page; ties by bytes.
  std::vector<QueryId> List(Baseline baseline, const NormalizedQuery& source, size_t limit) const;

 private:
  struct Scored {
    QueryId query;
    double score;
  };
  // The score of a neighbour; nullopt: it has none.
  std::optional<double> Score(Baseline baseline, QueryId source, QueryId neighbor, const PairCounts& pair) const;
  std::vector<Scored> Neighbors(Baseline baseline, QueryId source) const;

  const EventTable& table_;
  const MinedLog& mined_;
  std::vector<QueryId> popular_;     // Enough for any limit up to 100.
  SparseRows<uint32_t> pairs_by_b_;  // Indexes into mined_.pairs, whose order finds those by a.
};

}  // namespace kindred
