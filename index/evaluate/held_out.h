// What shoppers searched next, in sessions that the ranking has not seen.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "index/mine/event_table.h"
#include "index/mine/user_history.h"
#include "index/text/normalized_query.h"

namespace kindred {

// A query and the next different query of the same session.
struct HeldOutPair {
  NormalizedQuery source;
  NormalizedQuery target;
};

// Appends the pairs of one user, in order of time.
void AppendHeldOutPairs(const EventTable& table, const UserHistory& history, std::vector<HeldOutPair>& pairs);

// All pairs of the sessions in the window, in order of user and time; robots and half-typed queries left out as in
// mining. Errors of ForEachUser().
absl::StatusOr<std::vector<HeldOutPair>> HeldOutPairs(const EventTable& table, const HistoryOptions& options,
                                                      const TimeWindow& window = {});

}  // namespace kindred
