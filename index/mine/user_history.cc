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
  if (searches.size() <= max_per_day) return false;
  size_t day_begin = 0;
  for (size_t i = 0; i < searches.size(); ++i) {
    if (searches[i].time_ms / kDayMs != searches[day_begin].time_ms / kDayMs) day_begin = i;
    if (i - day_begin + 1 > max_per_day) return true;
  }
  return false;
}

// Logs that know no more than the day or the minute: which of the two came first, and how soon, is not known.
bool IsOneCoarseTime(int64_t time_ms, int64_t next_ms) { return time_ms == next_ms && time_ms % kMinuteMs == 0; }

// Cuts searches, ascending by time, wherever two neighbours are more than the gap apart.
void AppendSessions(absl::Span<const Search> searches, int64_t gap_ms,
                    std::vector<absl::Span<const Search>>& sessions) {
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

// Rows ascend by (time, spelling) and spellings by query: equal (time, query) are neighbours. False: no two queries are
// so close in time that one may be a half-typed other.
bool HistoryCleaner::CollectSearches(absl::Span<const EventRow> rows) {
  std::vector<Search>& searches = history_.searches;
  searches.clear();
  history_.clicks.clear();
  bool close = false;
  for (const EventRow& row : rows) {
    const bool clicked = row.item != kNoItem;
    if (clicked && collect_clicks_) history_.clicks.push_back({row.query, row.item, DayOf(row.time_ms)});
    if (!searches.empty() && row.time_ms - searches.back().time_ms <= half_typed_ms_) {
      if (searches.back().time_ms == row.time_ms && searches.back().query == row.query) {
        searches.back().clicked |= clicked;
        continue;
      }
      close |= searches.back().query != row.query;
    }
    searches.push_back({.time_ms = row.time_ms, .query = row.query, .spelling = row.spelling, .clicked = clicked});
  }
  return close && half_typed_ms_ > 0;
}

void HistoryCleaner::DropHalfTyped() {
  std::vector<Search>& searches = history_.searches;
  size_t kept = 0;
  size_t next = 0;  // The next different query: suggest boxes send one state of typing more than once.
  for (size_t i = 0; i < searches.size(); ++i) {
    next = std::max(next, i + 1);
    while (next < searches.size() && searches[next].query == searches[i].query) ++next;
    const bool half_typed =
        !searches[i].clicked && next < searches.size() &&
        searches[next].time_ms - searches[i].time_ms <= half_typed_ms_ &&
        !IsOneCoarseTime(searches[i].time_ms, searches[next].time_ms) &&
        IsUnfinished(table_.queries[searches[i].query].text(), table_.queries[searches[next].query].text());
    if (half_typed) {
      ++history_.half_typed;
    } else {
      searches[kept++] = searches[i];
    }
  }
  searches.resize(kept);
}

void HistoryCleaner::FindQueries() {
  std::vector<Search>& searches = history_.searches;
  ++users_;
  size_t size = 64;  // As few as the user needs, so that they stay in the fastest cache.
  while (size < 2 * searches.size()) size *= 2;
  if (slots_.size() < size) slots_.resize(size);
  history_.queries.clear();
  for (uint32_t i = 0; i < searches.size(); ++i) {
    const QueryId query = searches[i].query;
    size_t at = (query * 0x9E3779B97F4A7C15u) >> 32 & (size - 1);
    while (slots_[at].user == users_ && slots_[at].query != query) at = (at + 1) & (size - 1);
    if (slots_[at].user != users_) {
      slots_[at] = {query, static_cast<uint32_t>(history_.queries.size()), users_};
      history_.queries.push_back({query, i, i});
    }
    searches[i].place = slots_[at].place;
    history_.queries[slots_[at].place].last = i;
  }
}

const UserHistory* HistoryCleaner::Clean(absl::Span<const EventRow> rows) {
  history_.half_typed = 0;
  if (CollectSearches(rows)) DropHalfTyped();
  if (IsRobot(history_.searches, options_.max_user_queries_per_day)) return nullptr;
  std::vector<Click>& clicks = history_.clicks;
  std::sort(clicks.begin(), clicks.end());
  const auto same = [](const Click& x, const Click& y) { return x.query == y.query && x.item == y.item; };
  clicks.erase(std::unique(clicks.begin(), clicks.end(), same), clicks.end());
  FindQueries();
  history_.sessions.clear();
  AppendSessions(history_.searches, session_gap_ms_, history_.sessions);
  return &history_;
}

}  // namespace kindred
