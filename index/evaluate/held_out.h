// What shoppers searched next, in sessions that the ranking has not seen.
#pragma once

#include <cstdint>
#include <vector>

#include "index/mine/event_table.h"
#include "index/mine/user_history.h"
#include "index/text/normalized_query.h"

namespace kindred {

// A query and the next different query of the same session.
struct HeldOutPair {
  NormalizedQuery source;
  NormalizedQuery target;
};

// All pairs of the table's sessions, in order of user and time; robots and half-typed queries left out as in mining.
std::vector<HeldOutPair> HeldOutPairs(const EventTable& table, const HistoryOptions& options);

}  // namespace kindred
