#include "index/mine/user_pairs.h"

#include <algorithm>
#include <tuple>

namespace kindred {

absl::Span<const PairRecord> UserPairs::Of(const UserHistory& history) {
  records_.clear();
  if (history.queries.size() < 2) return records_;
  ChooseRecent(history);
  far_doings_.clear();
  session_of_place_.assign(history.queries.size(), 0);
  session_ = 0;
  for (const absl::Span<const Search> session : history.sessions) AddSession(session);
  EmitRecent(history);
  EmitFar(history);
  return records_;
}

void UserPairs::ChooseRecent(const UserHistory& history) {
  recent_.clear();
  row_of_place_.assign(history.queries.size(), UINT32_MAX);
  for (uint32_t place = 0; place < history.queries.size(); ++place) {
    if (options_.max_history_queries > 0 && history.queries[place].recency >= options_.max_history_queries) continue;
    row_of_place_[place] = static_cast<uint32_t>(recent_.size());
    recent_.push_back(place);
  }
  users_over_history_cap_ += recent_.size() < history.queries.size();
  recent_doings_.assign(recent_.size() * recent_.size(), {});
}

UserPairs::Doing& UserPairs::DoingOf(uint32_t i, uint32_t j) {
  const uint32_t row = row_of_place_[i], column = row_of_place_[j];
  if (row != UINT32_MAX && column != UINT32_MAX) return recent_doings_[row * recent_.size() + column];
  return far_doings_.emplace_back(FarDoing{i, j, {}}).doing;
}

void UserPairs::AddPair(uint32_t x, uint32_t y, DayNumber day) {
  Doing& doing = DoingOf(std::min(x, y), std::max(x, y));
  if (doing.sessions == 0) doing.day = day;
  if (doing.sessions == UINT16_MAX) return;  // A kiosk that everybody uses.
  ++doing.sessions;
  doing.sessions_i_first += x < y;
}

void UserPairs::AddNext(uint32_t from, uint32_t to) {
  Doing& doing = DoingOf(std::min(from, to), std::max(from, to));
  (from < to ? doing.j_next : doing.i_next) = true;
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

void UserPairs::EmitRecent(const UserHistory& history) {
  const size_t size = recent_.size();
  for (size_t row = 0; row < size; ++row) {
    for (size_t column = row + 1; column < size; ++column) {
      const Doing& doing = recent_doings_[row * size + column];
      if (doing.sessions == 0 && !options_.across_sessions) continue;
      const UserQuery& i = history.queries[recent_[row]];
      const UserQuery& j = history.queries[recent_[column]];
      Emit(i, j, doing, doing.sessions > 0 ? doing.day : DayOf(history.searches[j.first].time_ms));
    }
  }
}

void UserPairs::EmitFar(const UserHistory& history) {
  std::stable_sort(far_doings_.begin(), far_doings_.end(),
                   [](const FarDoing& x, const FarDoing& y) { return std::tie(x.i, x.j) < std::tie(y.i, y.j); });
  for (size_t at = 0; at < far_doings_.size();) {
    const FarDoing first = far_doings_[at];
    Doing sum;
    for (; at < far_doings_.size() && far_doings_[at].i == first.i && far_doings_[at].j == first.j; ++at) {
      const Doing& doing = far_doings_[at].doing;
      if (sum.sessions == 0) sum.day = doing.day;  // Sessions came in order of time.
      sum.sessions += doing.sessions;
      sum.sessions_i_first += doing.sessions_i_first;
      sum.i_next |= doing.i_next;
      sum.j_next |= doing.j_next;
    }
    if (sum.sessions > 0) Emit(history.queries[first.i], history.queries[first.j], sum, sum.day);
  }
}

// UserHistory::queries are in order of first search, at equal times of query: i was searched first.
void UserPairs::Emit(const UserQuery& i, const UserQuery& j, const Doing& doing, DayNumber day) {
  const bool in_order = i.query < j.query;
  const bool together = doing.sessions > 0;
  uint32_t sessions = doing.sessions;
  uint32_t a_first = in_order ? doing.sessions_i_first : sessions - doing.sessions_i_first;
  const uint32_t days = day > first_day_ ? static_cast<uint32_t>(day - first_day_) : 0;
  bool continued = false;
  do {
    const uint32_t now = std::min(sessions, PairRecord::kMostSessions), a_first_now = std::min(a_first, now);
    records_.push_back({.a = std::min(i.query, j.query),
                        .b = std::max(i.query, j.query),
                        .day = std::min(days, PairRecord::kDays - 1),
                        .sessions = now,
                        .sessions_a_first = a_first_now,
                        .a_first = in_order,
                        .a_next = together && (in_order ? doing.i_next : doing.j_next),
                        .b_next = together && (in_order ? doing.j_next : doing.i_next),
                        .continued = continued});
    sessions -= now;
    a_first -= a_first_now;
    continued = true;
  } while (sessions > 0);
}

}  // namespace kindred
