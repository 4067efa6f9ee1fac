#include "index/evaluate/held_out.h"

#include "common/status_macros.h"
#include "index/evaluate/user_histories.h"

namespace kindred {

absl::StatusOr<std::vector<HeldOutIds>> FindHeldOut(const EventTable& table, const HistoryOptions& options,
                                                    const HeldOutWindow& window, uint32_t threads) {
  const auto append = [&](absl::Span<const EventRow> rows, const UserHistory& history, std::vector<HeldOutIds>& pairs) {
    if (rows.front().time_ms < window.users_since_ms) return;
    for (const absl::Span<const Search> session : history.sessions) {
      for (size_t i = 1; i < session.size(); ++i) {
        if (session[i].query == session[i - 1].query) continue;
        pairs.push_back({session[i - 1].query, session[i].query});
      }
    }
  };
  return CollectFromUsers<HeldOutIds>(table, options, window.window, threads, append);
}

std::vector<HeldOutPair> PairsOf(const EventTable& table, absl::Span<const HeldOutIds> ids) {
  std::vector<HeldOutPair> pairs;
  pairs.reserve(ids.size());
  for (const HeldOutIds& pair : ids)
    pairs.push_back({NormalizedQuery(table.queries[pair.source]), NormalizedQuery(table.queries[pair.target])});
  return pairs;
}

absl::StatusOr<std::vector<HeldOutPair>> HeldOutPairs(const EventTable& table, const HistoryOptions& options,
                                                      const TimeWindow& window, uint32_t threads) {
  ASSIGN_OR_RETURN(const std::vector<HeldOutIds> ids, FindHeldOut(table, options, {.window = window}, threads));
  return PairsOf(table, ids);
}

void Thin(std::vector<std::vector<HeldOutIds>>& of_markets, size_t limit) {
  uint64_t all = 0;
  for (const std::vector<HeldOutIds>& pairs : of_markets) all += pairs.size();
  if (all <= limit) return;
  uint64_t place = 0;
  for (std::vector<HeldOutIds>& pairs : of_markets) {
    size_t kept = 0;
    for (const HeldOutIds& pair : pairs) {
      const bool keeps = (place + 1) * limit / all > place * limit / all;
      ++place;
      if (keeps) pairs[kept++] = pair;
    }
    pairs.resize(kept);
  }
}

}  // namespace kindred
