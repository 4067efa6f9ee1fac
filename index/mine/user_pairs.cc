#include "index/mine/user_pairs.h"

#include <algorithm>
#include <utility>

namespace kindred {
namespace {

constexpr size_t kFewestSlots = 64;

size_t Scattered(uint32_t a, uint32_t b) { return (uint64_t{a} << 32 | b) * 0x9E3779B97F4A7C15u >> 32; }

}  // namespace

absl::Span<const PairRecord> UserPairs::Of(const UserHistory& history) {
  records_.clear();
  if (history.queries.size() < 2) return records_;
  history_ = &history;
  ChooseRecent();
  far_doings_.clear();
  SpreadFar(kFewestSlots);
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
  recent_.clear();
  row_of_place_.assign(queries, UINT32_MAX);
  if (!options_.across_sessions) return;
  const uint32_t oldest = OldestRecent();
  for (uint32_t place = 0; place < queries; ++place) {
    if (history_->queries[place].last >= oldest)
      recent_.push_back(uint64_t{history_->queries[place].query} << 32 | place);
  }
  std::sort(recent_.begin(), recent_.end());
  first_days_.clear();
  for (const UserQuery& query : history_->queries)
    first_days_.push_back(DayOf(history_->searches[query.first].time_ms));
  for (uint32_t row = 0; row < recent_.size(); ++row) row_of_place_[static_cast<uint32_t>(recent_[row])] = row;
  if (recent_doings_.size() < recent_.size() * recent_.size()) recent_doings_.resize(recent_.size() * recent_.size());
}

UserPairs::Doing& UserPairs::DoingOf(uint32_t x, uint32_t y) {
  const uint32_t row_x = row_of_place_[x], row_y = row_of_place_[y];
  if (row_x != UINT32_MAX && row_y != UINT32_MAX) {
    return recent_doings_[std::min(row_x, row_y) * recent_.size() + std::max(row_x, row_y)];
  }
  return IsLess(x, y) ? FarDoingOf(x, y) : FarDoingOf(y, x);
}

UserPairs::Doing& UserPairs::FarDoingOf(uint32_t a, uint32_t b) {
  if (far_doings_.size() * 2 >= far_slots_.size()) SpreadFar(far_slots_.size() * 4);
  const size_t mask = far_slots_.size() - 1;
  size_t at = Scattered(a, b) & mask;
  for (; far_slots_[at] != 0; at = (at + 1) & mask) {
    FarDoing& far = far_doings_[far_slots_[at] - 1];
    if (far.a == a && far.b == b) return far.doing;
  }
  far_doings_.push_back({a, b, {}});
  far_slots_[at] = static_cast<uint32_t>(far_doings_.size());
  return far_doings_.back().doing;
}

// Gives each pair its slot among so many.
void UserPairs::SpreadFar(size_t slots) {
  far_slots_.assign(slots, 0);
  for (uint32_t i = 0; i < far_doings_.size(); ++i) {
    size_t at = Scattered(far_doings_[i].a, far_doings_[i].b) & (slots - 1);
    while (far_slots_[at] != 0) at = (at + 1) & (slots - 1);
    far_slots_[at] = i + 1;
  }
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
    if (options_.count_next && i > 0 && session[i - 1].place != place) AddNext(session[i - 1].place, place);
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
  const size_t size = recent_.size();
  for (size_t row = 0; row < size; ++row) {
    for (size_t column = row + 1; column < size; ++column) {
      Emit(static_cast<uint32_t>(recent_[row]), static_cast<uint32_t>(recent_[column]),
           std::exchange(recent_doings_[row * size + column], {}));
    }
  }
}

void UserPairs::EmitFar() {
  for (const FarDoing& far : far_doings_) {
    if (far.doing.sessions > 0) Emit(far.a, far.b, far.doing);
  }
}

// UserHistory::queries are in order of first search, at equal times of query: the lesser place was searched first.
void UserPairs::Emit(uint32_t a, uint32_t b, const Doing& doing) {
  const bool together = doing.sessions > 0;
  const DayNumber day = together ? doing.day : first_days_[std::max(a, b)];
  const uint32_t since = day > first_day_ ? day - first_day_ : 0;
  const auto most = [](uint16_t sessions) {
    return static_cast<uint8_t>(std::min<uint16_t>(sessions, PairRecord::kMostSessions));
  };
  records_.push_back({.a = history_->queries[a].query,
                      .b = history_->queries[b].query,
                      .sessions = most(doing.sessions),
                      .sessions_a_first = most(doing.sessions_a_first),
                      .day = static_cast<uint16_t>(std::min(since, PairRecord::kDays - 1)),
                      .a_first = a < b,
                      .a_next = together && doing.a_next,
                      .b_next = together && doing.b_next,
                      .continued = false});
  if (doing.sessions <= PairRecord::kMostSessions) return;
  PairRecord record = records_.back();
  uint32_t sessions = doing.sessions - record.sessions, a_first = doing.sessions_a_first - record.sessions_a_first;
  record.continued = true;
  while (sessions > 0) {
    record.sessions = static_cast<uint8_t>(std::min(sessions, PairRecord::kMostSessions));
    record.sessions_a_first = static_cast<uint8_t>(std::min<uint32_t>(a_first, record.sessions));
    records_.push_back(record);
    sessions -= record.sessions;
    a_first -= record.sessions_a_first;
  }
}

}  // namespace kindred
