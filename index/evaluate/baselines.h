// Simple methods that the ranking must beat, computed from the same log.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
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

// Pairs are the largest table of a log, and may lie on disk: all lists are made in one go over them, front to back.
// Looking up the pairs of each source in turn touches all their pages again and again, faster than they can be taken
// from a process that keeps to a budget. Const use is thread-safe.
class Baselines {
 public:
  using Lists = std::array<std::vector<QueryId>, kBaselines.size()>;  // By Baseline.

  // Of `sources`, which are all that may be asked for; what the table does not know counts for nothing. Lists hold
  // `limit` queries, 1 to 100. The same for any number of threads, which must be above 0. The table must outlive
  // them. REQUIRES: `mined` keeps pairs of one user (min_pair_users 1).
  Baselines(const EventTable& table, const MinedLog& mined, absl::Span<const NormalizedView> sources, size_t limit,
            uint32_t threads = 1);

  // The best queries, the source left out, and those that lead to an empty page; ties by bytes.
  Lists ListsOf(NormalizedView source) const;

 private:
  const EventTable& table_;
  const size_t limit_;
  std::vector<QueryId> popular_;              // Enough for any limit up to 100.
  absl::flat_hash_map<QueryId, Lists> best_;  // Of sources that the table knows: the best neighbours.
};

}  // namespace kindred
