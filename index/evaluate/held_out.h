// What shoppers searched next, in sessions that the ranking has not seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "index/mine/event_table.h"
#include "index/mine/user_history.h"
#include "index/text/normalized_query.h"

namespace kindred {

// A query and the next different query of the same session.
struct HeldOutPair {
  NormalizedQuery source;
  NormalizedQuery target;
};

// The same in ids of a table.
struct HeldOutIds {
  QueryId source, target;
};

// Whose pairs are held out, and when.
struct HeldOutWindow {
  TimeWindow window = {};
  int64_t users_since_ms = INT64_MIN;  // Users who did something earlier in the window are left out.
};

// All pairs of the sessions in the window, in order of user and time; robots and half-typed queries left out as in
// mining. The same for any number of threads, which must be above 0. Errors of CollectFromUsers().
absl::StatusOr<std::vector<HeldOutIds>> FindHeldOut(const EventTable& table, const HistoryOptions& options,
                                                    const HeldOutWindow& window, uint32_t threads);

std::vector<HeldOutPair> PairsOf(const EventTable& table, absl::Span<const HeldOutIds> ids);

// Both in one.
absl::StatusOr<std::vector<HeldOutPair>> HeldOutPairs(const EventTable& table, const HistoryOptions& options,
                                                      const TimeWindow& window = {}, uint32_t threads = 1);

// So many pairs tell a hit@10 of .2 by a standard error of sqrt(.2 * .8 / 40,000) = .002, and any share by .0025. More
// would cost time, and weeks differ by more.
inline constexpr size_t kMaxAskedPairs = 40'000;

// Leaves `limit` pairs of all markets together, evenly spread over users and time, each market its share: chosen by
// their places alone, so that neither the log's order nor chance picks them. All, where there are no more.
void Thin(std::vector<std::vector<HeldOutIds>>& of_markets, size_t limit);

}  // namespace kindred
