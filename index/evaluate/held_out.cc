#include "index/evaluate/held_out.h"

#include <optional>

namespace kindred {

std::vector<HeldOutPair> HeldOutPairs(const EventTable& table, const HistoryOptions& options) {
  std::vector<HeldOutPair> pairs;
  ForEachUser(table.rows, [&](absl::Span<const EventRow> rows) {
    const std::optional<UserHistory> history = CleanHistory(table, rows, options);
    if (!history.has_value()) return;
    for (const absl::Span<const Search> session : history->sessions) {
      for (size_t i = 1; i < session.size(); ++i) {
        if (session[i].query == session[i - 1].query) continue;
        pairs.push_back({table.queries[session[i - 1].query], table.queries[session[i].query]});
      }
    }
  });
  return pairs;
}

}  // namespace kindred
