// What the flags that keep rare things out of the lists cost in quality: the same mined log, ranked again with other
// values of each.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "index/evaluate/evaluation_report.h"
#include "index/evaluate/held_out.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_options.h"

namespace kindred {

// So many pairs tell a point of hit@10 apart (standard error .005); eleven rankings of more would take longer than a
// build.
inline constexpr size_t kMaxFloorPairs = 10000;

// Adds to `costs` the quality with each value of min_users (beside the other's of `options`), then of min_pair_users:
// 1, 2, 3, 5, 10 and that of `options`. Of more than `max_pairs` pairs, so many count, evenly spread. Pairs of unseen
// sources do not. Lists are ranked in memory, so sources that have none of their own get none: figures are lower than
// those of an index, which answers through near queries; their differences are what the flags cost.
// REQUIRES: `mined` keeps pairs of one user. Errors of Ranker::Create().
absl::Status AddFloorCosts(const EventTable& train, const MinedLog& mined, absl::Span<const HeldOutPair> held_out,
                           const RankOptions& options, size_t max_pairs, std::vector<FloorCost>& costs);

}  // namespace kindred
