#include "index/mine/user_pairs.h"

#include <algorithm>
#include <tuple>

namespace kindred {

absl::Span<const PairRecord> UserPairs::Of(const UserHistory& history) {
  records_.clear();
  if (history.queries.size() < 2) return records_;
  history_ = &history;
  ChooseRecent();
  far_doings_.clear();
  session_of_place_.assign(history.queries.size(), 0);
  session_ = 0;
  for (const absl::Span<const Search> session : history.sessions) AddSession(session);
  EmitRecent();
  EmitFar();
  return records_;
}

// Queries whose last search is no earlier than this one are the most recent.
uint32_t UserPairs::OldestRecent() {
  const size_t most = options_.max_history_queries;
  if (most == 0 || history_->queries.size() <= most) return 0;
  ++users_over_history_cap_;
  lasts_.clear();
  for (const UserQuery& query : history_->queries) lasts_.push_back(query.last);
  const auto oldest = lasts_.end() - static_cast<ptrdiff_t>(most);
  std::nth_element(lasts_.begin(), oldest, lasts_.end());
  return *oldest;
}

void UserPairs::ChooseRecent() {
  const auto queries = static_cast<uint32_t>(history_->queries.size());
  const uint32_t oldest = OldestRecent();
  recent_.clear();
  for (uint32_t place = 0; place < queries; ++place) {
    if (history_->queries[place].last >= oldest)
      recent_.push_back(uint64_t{history_->queries[place].query} << 32 | place);
  }
  std::sort(recent_.begin(), recent_.end());
  first_days_.clear();
  if (options_.across_sessions) {
    for (const UserQuery& query : history_->queries)
      first_days_.push_back(DayOf(history_->searches[query.first].time_ms));
  }
  row_of_place_.assign(queries, UINT32_MAX);
  for (uint32_t row = 0; row < recent_.size(); ++row) row_of_place_[static_cast<uint32_t>(recent_[row])] = row;
  if (recent_doings_.size() < recent_.size() * recent_.size()) recent_doings_.resize(recent_.size() * recent_.size());
}

UserPairs::Doing& UserPairs::DoingOf(uint32_t x, uint32_t y) {
  const uint32_t row_x = row_of_place_[x], row_y = row_of_place_[y];
  if (row_x != UINT32_MAX && row_y != UINT32_MAX) {
    const Cell cell = {std::min(row_x, row_y), std::max(row_x, row_y)};
    Doing& doing = DoingAt(cell);
    if (doing.is_new()) done_.push_back(cell);
    return doing;
  }
  return far_doings_.emplace_back(IsLess(x, y) ? FarDoing{x, y, {}} : FarDoing{y, x, {}}).doing;
}

void UserPairs::AddPair(uint32_t first, uint32_t second, DayNumber day) {
  Doing& doing = DoingOf(first, second);
  if (doing.sessions == 0) doing.day = day;
  if (doing.sessions == UINT16_MAX) return;  // A kiosk that everybody uses.
  ++doing.sessions;
  doing.sessions_a_first += IsLess(first, second);
}

void UserPairs::AddNext(uint32_t from, uint32_t to) {
  Doing& doing = DoingOf(from, to);
  (IsLess(from, to) ? doing.b_next : doing.a_next) = true;
}

void UserPairs::AddSession(absl::Span<const Search> session) {
  ++session_;
  session_places_.clear();
  bool over_cap = false;
  for (size_t i = 0; i < session.size(); ++i) {
    const uint32_t place = session[i].place;
    if (i > 0 && session[i - 1].place != place) AddNext(session[i - 1].place, place);
    if (session_of_place_[place] == session_) continue;
    session_of_place_[place] = session_;
    if (options_.max_session_queries > 0 && session_places_.size() == options_.max_session_queries) {
      over_cap = true;
    } else {
      session_places_.push_back(place);
    }
  }
  sessions_over_cap_ += over_cap;
  const DayNumber day = DayOf(session.front().time_ms);
  for (size_t i = 0; i < session_places_.size(); ++i) {
    for (size_t j = i + 1; j < session_places_.size(); ++j) AddPair(session_places_[i], session_places_[j], day);
  }
}

void UserPairs::EmitRecent() {
  const auto size = static_cast<uint32_t>(recent_.size());
  if (options_.across_sessions) {
    for (uint32_t row = 0; row < size; ++row) {
      for (uint32_t column = row + 1; column < size; ++column) EmitRecent({row, column});
    }
  } else {
    for (const Cell& cell : done_) {
      if (DoingAt(cell).sessions > 0) EmitRecent(cell);
    }
  }
  for (const Cell& cell : done_) DoingAt(cell) = {};
  done_.clear();
}

void UserPairs::EmitRecent(Cell cell) {
  Emit(static_cast<uint32_t>(recent_[cell.row]), static_cast<uint32_t>(recent_[cell.column]), DoingAt(cell));
}

void UserPairs::EmitFar() {
  const auto pair = [](const FarDoing& doing) { return std::tie(doing.a, doing.b); };
  std::sort(far_doings_.begin(), far_doings_.end(),
            [&](const FarDoing& x, const FarDoing& y) { return pair(x) < pair(y); });
  for (size_t at = 0; at < far_doings_.size();) {
    const FarDoing first = far_doings_[at];
    Doing sum;
    for (; at < far_doings_.size() && pair(far_doings_[at]) == pair(first); ++at) {
      const Doing& doing = far_doings_[at].doing;
      if (doing.sessions > 0) sum.day = sum.sessions == 0 ? doing.day : std::min(sum.day, doing.day);
      sum.sessions += doing.sessions;
      sum.sessions_a_first += doing.sessions_a_first;
      sum.a_next |= doing.a_next;
      sum.b_next |= doing.b_next;
    }
    if (sum.sessions > 0) Emit(first.a, first.b, sum);
  }
}

// UserHistory::queries are in order of first search, at equal times of query: the lesser place was searched first.
void UserPairs::Emit(uint32_t a, uint32_t b, const Doing& doing) {
  const bool together = doing.sessions > 0;
  const DayNumber day = together ? doing.day : first_days_[std::max(a, b)];
  records_.push_back({.a = history_->queries[a].query,
                      .b = history_->queries[b].query,
                      .day = std::min<uint32_t>(day > first_day_ ? day - first_day_ : 0, PairRecord::kDays - 1),
                      .sessions = std::min<uint32_t>(doing.sessions, PairRecord::kMostSessions),
                      .sessions_a_first = std::min<uint32_t>(doing.sessions_a_first, PairRecord::kMostSessions),
                      .a_first = a < b,
                      .a_next = together && doing.a_next,
                      .b_next = together && doing.b_next,
                      .continued = false});
  if (doing.sessions <= PairRecord::kMostSessions) return;
  PairRecord record = records_.back();
  uint32_t sessions = doing.sessions - record.sessions, a_first = doing.sessions_a_first - record.sessions_a_first;
  record.continued = true;
  while (sessions > 0) {
    record.sessions = std::min(sessions, PairRecord::kMostSessions);
    record.sessions_a_first = std::min<uint32_t>(a_first, record.sessions);
    records_.push_back(record);
    sessions -= record.sessions;
    a_first -= record.sessions_a_first;
  }
}

}  // namespace kindred
