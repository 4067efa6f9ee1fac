#include "index/mine/user_pairs.h"

#include <algorithm>
#include <utility>

#include "absl/base/attributes.h"

namespace kindred {
namespace {

constexpr size_t kMostUnjoined = 4096;  // Of a user without more pairs than that.

uint8_t AtMost(uint32_t count, uint32_t most) { return static_cast<uint8_t>(std::min(count, most)); }

}  // namespace

absl::Span<const PairRecord> UserPairs::Of(const UserHistory& history) {
  records_.clear();
  if (history.queries.size() < 2) return records_;
  history_ = &history;
  ChooseRecent();
  far_doings_.clear();
  far_repeats_ = false;
  most_far_ = kMostUnjoined;
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
  if (!options_.across_sessions) return;
  row_of_place_.assign(queries, UINT32_MAX);
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

// a's id is the lesser.
UserPairs::Doing& UserPairs::DoingOf(uint32_t a, uint32_t b) {
  if (!recent_.empty()) {
    const uint32_t row_a = row_of_place_[a], row_b = row_of_place_[b];
    if (row_a != UINT32_MAX && row_b != UINT32_MAX) return recent_doings_[row_a * recent_.size() + row_b];
  }
  return NewFarDoing(a, b);
}

// Most pairs come once, so that looking for an earlier one would take longer than all else.
UserPairs::Doing& UserPairs::NewFarDoing(uint32_t a, uint32_t b) {
  if (far_doings_.size() == most_far_) {
    JoinFar();
    most_far_ = std::max(kMostUnjoined, 2 * far_doings_.size());
  }
  return far_doings_.emplace_back(FarDoing{a, b, {}}).doing;
}

UserPairs::Doing& UserPairs::Doing::operator+=(const Doing& other) {
  const auto sum = [](uint32_t x, uint32_t y) { return static_cast<uint16_t>(std::min<uint32_t>(x + y, UINT16_MAX)); };
  if (other.sessions > 0) day = sessions > 0 ? std::min(day, other.day) : other.day;
  sessions = sum(sessions, other.sessions);
  sessions_a_first = sum(sessions_a_first, other.sessions_a_first);
  a_next |= other.a_next;
  b_next |= other.b_next;
  return *this;
}

// Makes one of all of a pair.
void UserPairs::JoinFar() {
  if (!far_repeats_) return;
  const auto pair_of = [](const FarDoing& far) { return uint64_t{far.a} << 32 | far.b; };
  std::sort(far_doings_.begin(), far_doings_.end(),
            [&](const FarDoing& x, const FarDoing& y) { return pair_of(x) < pair_of(y); });
  size_t joined = 0;
  for (size_t i = 1; i < far_doings_.size(); ++i) {
    if (pair_of(far_doings_[i]) == pair_of(far_doings_[joined])) {
      far_doings_[joined].doing += far_doings_[i].doing;
    } else {
      far_doings_[++joined] = far_doings_[i];
    }
  }
  if (!far_doings_.empty()) far_doings_.resize(joined + 1);
}

void UserPairs::AddPair(uint32_t first, uint32_t second, DayNumber day) {
  const bool a_first = IsLess(first, second);
  Doing& doing = a_first ? DoingOf(first, second) : DoingOf(second, first);
  if (doing.sessions == 0) doing.day = day;
  if (doing.sessions == UINT16_MAX) return;  // A kiosk that everybody uses.
  ++doing.sessions;
  doing.sessions_a_first += a_first;
}

void UserPairs::AddNext(uint32_t from, uint32_t to) {
  far_repeats_ = true;
  if (IsLess(from, to)) {
    DoingOf(from, to).b_next = true;
  } else {
    DoingOf(to, from).a_next = true;
  }
}

void UserPairs::AddSession(absl::Span<const Search> session) {
  ++session_;
  session_places_.clear();
  bool over_cap = false;
  uint32_t known = 0;  // Queries that an earlier session held.
  for (size_t i = 0; i < session.size(); ++i) {
    const uint32_t place = session[i].place;
    if (options_.count_next && i > 0 && session[i - 1].place != place) AddNext(session[i - 1].place, place);
    if (session_of_place_[place] == session_) continue;
    known += session_of_place_[place] != 0;
    session_of_place_[place] = session_;
    if (options_.max_session_queries > 0 && session_places_.size() == options_.max_session_queries) {
      over_cap = true;
    } else {
      session_places_.push_back(place);
    }
  }
  sessions_over_cap_ += over_cap;
  far_repeats_ |= known > 1;
  const DayNumber day = DayOf(session.front().time_ms);
  for (size_t i = 0; i < session_places_.size(); ++i) {
    for (size_t j = i + 1; j < session_places_.size(); ++j) AddPair(session_places_[i], session_places_[j], day);
  }
}

// UserHistory::queries are in order of first search, at equal times of query: the lesser place was searched first.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline void UserPairs::Emit(uint32_t a, uint32_t b, const Doing& doing) {
  const bool together = doing.sessions > 0;
  const DayNumber day = together ? doing.day : first_days_[std::max(a, b)];
  const uint32_t since = day > first_day_ ? day - first_day_ : 0;
  records_.push_back({.a = history_->queries[a].query,
                      .b = history_->queries[b].query,
                      .sessions = AtMost(doing.sessions, PairRecord::kMostSessions),
                      .sessions_a_first = AtMost(doing.sessions_a_first, PairRecord::kMostSessions),
                      .day = static_cast<uint16_t>(std::min(since, PairRecord::kDays - 1)),
                      .a_first = a < b,
                      .a_next = together && doing.a_next,
                      .b_next = together && doing.b_next,
                      .continued = false});
  if (doing.sessions > PairRecord::kMostSessions) EmitContinued(doing);
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
  JoinFar();
  for (const FarDoing& far : far_doings_) {
    if (far.doing.sessions > 0) Emit(far.a, far.b, far.doing);
  }
}

void UserPairs::EmitContinued(const Doing& doing) {
  PairRecord record = records_.back();
  uint32_t sessions = doing.sessions - record.sessions, a_first = doing.sessions_a_first - record.sessions_a_first;
  record.continued = true;
  while (sessions > 0) {
    record.sessions = AtMost(sessions, PairRecord::kMostSessions);
    record.sessions_a_first = AtMost(a_first, record.sessions);
    records_.push_back(record);
    sessions -= record.sessions;
    a_first -= record.sessions_a_first;
  }
}

}  // namespace kindred
