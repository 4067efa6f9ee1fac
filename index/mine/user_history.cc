#include "index/mine/user_history.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace kindred {
namespace {

constexpr int64_t kDayMs = 24 * 60 * 60 * 1000;

// Zhuyin letters (U+3105..U+312F, UTF-8 e3 84 85 .. e3 84 af) and spaces at the end of an input method's raw typing.
absl::string_view WithoutTrailingZhuyin(absl::string_view text) {
  while (text.size() >= 3 && text[text.size() - 3] == '\xe3' && text[text.size() - 2] == '\x84' &&
         static_cast<unsigned char>(text.back()) >= 0x85 && static_cast<unsigned char>(text.back()) <= 0xaf) {
    text.remove_suffix(3);
    while (absl::EndsWith(text, " ")) text.remove_suffix(1);
  }
  return text;
}

bool IsRobot(absl::Span<const Search> searches, uint32_t max_per_day) {
  size_t day_begin = 0;
  for (size_t i = 0; i < searches.size(); ++i) {
    if (searches[i].time_ms / kDayMs != searches[day_begin].time_ms / kDayMs) day_begin = i;
    if (i - day_begin + 1 > max_per_day) return true;
  }
  return false;
}

}  // namespace

bool IsUnfinished(absl::string_view typed, absl::string_view query) {
  const absl::string_view stem = WithoutTrailingZhuyin(typed);
  if (stem.empty()) return typed.size() > stem.size();  // Nothing but Zhuyin: raw typing of whatever followed.
  if (stem.size() < typed.size()) return absl::StartsWith(query, stem);
  return stem.size() < query.size() && absl::StartsWith(query, stem);
}

std::vector<absl::Span<const Search>> SplitSessions(absl::Span<const Search> searches, absl::Duration gap) {
  const int64_t gap_ms = absl::ToInt64Milliseconds(gap);
  std::vector<absl::Span<const Search>> sessions;
  for (size_t begin = 0; begin < searches.size();) {
    size_t end = begin + 1;
    while (end < searches.size() && searches[end].time_ms - searches[end - 1].time_ms <= gap_ms) ++end;
    sessions.push_back(searches.subspan(begin, end - begin));
    begin = end;
  }
  return sessions;
}

std::optional<UserHistory> CleanHistory(const EventTable& table, absl::Span<const EventRow> rows,
                                        const HistoryOptions& options) {
  struct Typed {
    Search search;
    bool clicked;
  };
  std::vector<Typed> typed;
  UserHistory history;
  for (const EventRow& row : rows) {
    const QueryId query = table.query_of(row);
    const bool clicked = row.item != kNoItem;
    if (clicked) history.clicks.push_back({query, row.item, DayOf(row.time_ms)});
    // Rows ascend by (time, spelling) and spellings by query: equal (time, query) are neighbours.
    if (!typed.empty() && typed.back().search.time_ms == row.time_ms && typed.back().search.query == query) {
      typed.back().clicked |= clicked;
    } else {
      typed.push_back({{row.time_ms, query, row.spelling}, clicked});
    }
  }
  const int64_t window_ms = absl::ToInt64Milliseconds(options.half_typed_window);
  for (size_t i = 0; i < typed.size(); ++i) {
    size_t next = i + 1;  // The next different query: suggest boxes send one state of typing more than once.
    while (next < typed.size() && typed[next].search.query == typed[i].search.query) ++next;
    const bool half_typed =
        !typed[i].clicked && next < typed.size() && typed[next].search.time_ms - typed[i].search.time_ms <= window_ms &&
        IsUnfinished(table.queries[typed[i].search.query].text(), table.queries[typed[next].search.query].text());
    if (half_typed) {
      ++history.half_typed;
    } else {
      history.searches.push_back(typed[i].search);
    }
  }
  if (IsRobot(history.searches, options.max_user_queries_per_day)) return std::nullopt;
  std::sort(history.clicks.begin(), history.clicks.end());
  const auto same = [](const Click& x, const Click& y) { return x.query == y.query && x.item == y.item; };
  history.clicks.erase(std::unique(history.clicks.begin(), history.clicks.end(), same), history.clicks.end());
  history.sessions = SplitSessions(history.searches, options.session_gap);
  return history;
}

}  // namespace kindred
