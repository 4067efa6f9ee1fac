#include "index/evaluate/held_out.h"

#include "common/status_macros.h"
#include "index/mine/user_rows.h"

namespace kindred {

void AppendHeldOutPairs(const EventTable& table, const UserHistory& history, std::vector<HeldOutPair>& pairs) {
  for (const absl::Span<const Search> session : history.sessions) {
    for (size_t i = 1; i < session.size(); ++i) {
      if (session[i].query == session[i - 1].query) continue;
      pairs.push_back({table.queries[session[i - 1].query], table.queries[session[i].query]});
    }
  }
}

absl::StatusOr<std::vector<HeldOutPair>> HeldOutPairs(const EventTable& table, const HistoryOptions& options,
                                                      const TimeWindow& window) {
  std::vector<HeldOutPair> pairs;
  HistoryCleaner cleaner(table, options);
  RETURN_IF_ERROR(ForEachUser(table, window, [&](absl::Span<const EventRow> rows) {
    if (const UserHistory* history = cleaner.Clean(rows)) AppendHeldOutPairs(table, *history, pairs);
  }));
  return pairs;
}

}  // namespace kindred
