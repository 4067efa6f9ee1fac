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

// Cuts searches, ascending by time, wherever two neighbours are more than `gap` apart.
void AppendSessions(absl::Span<const Search> searches, absl::Duration gap,
                    std::vector<absl::Span<const Search>>& sessions) {
  const int64_t gap_ms = absl::ToInt64Milliseconds(gap);
  for (size_t begin = 0; begin < searches.size();) {
    size_t end = begin + 1;
    while (end < searches.size() && searches[end].time_ms - searches[end - 1].time_ms <= gap_ms) ++end;
    sessions.push_back(searches.subspan(begin, end - begin));
    begin = end;
  }
}

}  // namespace

bool IsUnfinished(absl::string_view typed, absl::string_view query) {
  const absl::string_view stem = WithoutTrailingZhuyin(typed);
  if (stem.empty()) return typed.size() > stem.size();  // Nothing but Zhuyin: raw typing of whatever followed.
  if (stem.size() < typed.size()) return absl::StartsWith(query, stem);
  return stem.size() < query.size() && absl::StartsWith(query, stem);
}

// Rows ascend by (time, spelling) and spellings by query: equal (time, query) are neighbours.
void HistoryCleaner::CollectTyped(absl::Span<const EventRow> rows) {
  typed_.clear();
  history_.clicks.clear();
  for (const EventRow& row : rows) {
    const QueryId query = table_.query_of(row);
    const bool clicked = row.item != kNoItem;
    if (clicked) history_.clicks.push_back({query, row.item, DayOf(row.time_ms)});
    if (!typed_.empty() && typed_.back().search.time_ms == row.time_ms && typed_.back().search.query == query) {
      typed_.back().clicked |= clicked;
    } else {
      typed_.push_back({{row.time_ms, query, row.spelling}, clicked});
    }
  }
}

void HistoryCleaner::DropHalfTyped() {
  const int64_t window_ms = absl::ToInt64Milliseconds(options_.half_typed_window);
  history_.searches.clear();
  history_.half_typed = 0;
  for (size_t i = 0; i < typed_.size(); ++i) {
    size_t next = i + 1;  // The next different query: suggest boxes send one state of typing more than once.
    while (next < typed_.size() && typed_[next].search.query == typed_[i].search.query) ++next;
    const bool half_typed =
        window_ms > 0 && !typed_[i].clicked && next < typed_.size() &&
        typed_[next].search.time_ms - typed_[i].search.time_ms <= window_ms &&
        IsUnfinished(table_.queries[typed_[i].search.query].text(), table_.queries[typed_[next].search.query].text());
    if (half_typed) {
      ++history_.half_typed;
    } else {
      history_.searches.push_back(typed_[i].search);
    }
  }
}

void HistoryCleaner::FindQueries() {
  std::vector<Search>& searches = history_.searches;
  ++users_;
  size_t size = std::max<size_t>(64, slots_.size());
  while (size < 2 * searches.size()) size *= 2;
  slots_.resize(size);
  history_.queries.clear();
  for (uint32_t i = 0; i < searches.size(); ++i) {
    const QueryId query = searches[i].query;
    size_t at = (query * 0x9E3779B97F4A7C15u) >> 32 & (size - 1);
    while (slots_[at].user == users_ && slots_[at].query != query) at = (at + 1) & (size - 1);
    if (slots_[at].user != users_) {
      slots_[at] = {query, static_cast<uint32_t>(history_.queries.size()), users_};
      history_.queries.push_back({query, i, UINT32_MAX});
    }
    searches[i].place = slots_[at].place;
  }
  uint32_t recency = 0;
  for (size_t i = searches.size(); i-- > 0 && recency < history_.queries.size();) {
    UserQuery& query = history_.queries[searches[i].place];
    if (query.recency == UINT32_MAX) query.recency = recency++;
  }
}

const UserHistory* HistoryCleaner::Clean(absl::Span<const EventRow> rows) {
  CollectTyped(rows);
  DropHalfTyped();
  if (IsRobot(history_.searches, options_.max_user_queries_per_day)) return nullptr;
  std::vector<Click>& clicks = history_.clicks;
  std::sort(clicks.begin(), clicks.end());
  const auto same = [](const Click& x, const Click& y) { return x.query == y.query && x.item == y.item; };
  clicks.erase(std::unique(clicks.begin(), clicks.end(), same), clicks.end());
  FindQueries();
  history_.sessions.clear();
  AppendSessions(history_.searches, options_.session_gap, history_.sessions);
  return &history_;
}

}  // namespace kindred
