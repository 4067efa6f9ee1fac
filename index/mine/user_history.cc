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

// Cuts searches, ascending by time, wherever two neighbours are more than the gap apart: where that is no branch can
// foresee.
void CutSessions(absl::Span<const Search> searches, int64_t gap_ms, SpillVector<absl::Span<const Search>>& sessions) {
  sessions.resize(searches.size());
  if (searches.empty()) return;
  size_t found = 0, begin = 0;
  for (size_t i = 1; i < searches.size(); ++i) {
    sessions[found] = absl::MakeConstSpan(searches.data() + begin, i - begin);
    const size_t is_next = searches[i].time_ms - searches[i - 1].time_ms > gap_ms;
    found += is_next;
    begin = std::max(begin, i * is_next);
  }
  sessions[found++] = searches.subspan(begin);
  sessions.resize(found);
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
  history_.clicks.clear();
  history_.searches.resize(rows.size());
  Search* const begin = history_.searches.data();
  Search* end = begin;
  bool close = false;
  for (const EventRow& row : rows) {
    const bool clicked = row.item != kNoItem;
    if (collect_clicks_ && clicked) history_.clicks.push_back({row.query, row.item, DayOf(row.time_ms)});
    if (end != begin && row.time_ms - end[-1].time_ms <= half_typed_ms_) {
      if (end[-1].time_ms == row.time_ms && end[-1].query == row.query) {
        end[-1].clicked |= clicked;
        continue;
      }
      close |= end[-1].query != row.query;
    }
    *end++ = {.time_ms = row.time_ms, .query = row.query, .spelling = row.spelling, .clicked = clicked};
  }
  history_.searches.resize(static_cast<size_t>(end - begin));
  return close && half_typed_ms_ > 0;
}

void HistoryCleaner::DropHalfTyped() {
  SpillVector<Search>& searches = history_.searches;
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

// No branch depends on whether a query is new, which could not be foreseen.
void HistoryCleaner::FindQueries() {
  const auto searches = static_cast<uint32_t>(history_.searches.size());
  const size_t most_queries = std::min<size_t>(searches, table_.queries.size());
  size_t size = 64;  // As few as the user needs, so that they stay in the fastest cache.
  while (size < 2 * most_queries) size *= 2;
  if (slots_.size() < size) slots_.resize(size);
  if (++user_ == 0) {
    std::fill(slots_.begin(), slots_.end(), Slot{});
    user_ = 1;
  }
  history_.queries.resize(searches);
  UserQuery* const queries = history_.queries.data();
  Slot* const slots = slots_.data();
  const uint64_t user = uint64_t{user_} << 32;
  uint32_t places = 0, i = 0;
  for (Search& search : history_.searches) {
    const uint64_t key = user | search.query;
    size_t at = (search.query * 0x9E3779B97F4A7C15u) >> 32 & (size - 1);
    uint64_t difference = 0;  // Below 2^32, but not 0: another query of this user.
    while ((difference = slots[at].key ^ key) - 1 < UINT32_MAX) at = (at + 1) & (size - 1);
    const uint32_t is_new = difference != 0;
    const uint32_t place = (places & -is_new) | (slots[at].place & (is_new - 1));
    queries[places].first = i;  // Of no account unless it is new.
    slots[at].key = key;
    slots[at].place = place;
    search.place = place;
    queries[place].query = search.query;
    queries[place].last = i++;
    places += is_new;
  }
  history_.queries.resize(places);
}

const UserHistory* HistoryCleaner::Clean(absl::Span<const EventRow> rows) {
  history_.half_typed = 0;
  if (CollectSearches(rows)) DropHalfTyped();
  if (IsRobot(history_.searches, options_.max_user_queries_per_day)) return nullptr;
  SpillVector<Click>& clicks = history_.clicks;
  std::sort(clicks.begin(), clicks.end());
  const auto same = [](const Click& x, const Click& y) { return x.query == y.query && x.item == y.item; };
  clicks.erase(std::unique(clicks.begin(), clicks.end(), same), clicks.end());
  FindQueries();
  CutSessions(history_.searches, session_gap_ms_, history_.sessions);
  return &history_;
}

}  // namespace kindred
