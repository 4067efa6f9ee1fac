#include "index/mine/user_pairs.h"

#include <algorithm>
#include <utility>

#include "absl/base/attributes.h"

namespace kindred {
namespace {

constexpr size_t kMostUnjoined = 4096;  // Of a user without more pairs than that.

}  // namespace

absl::Span<const PairRecord> UserPairs::Of(const UserHistory& history) {
  records_.clear();
  if (history.queries.size() < 2) return records_;
  history_ = &history;
  ChooseRecent();
  far_repeats_ = false;
  most_far_ = kMostUnjoined;
  session_of_place_.assign(history.queries.size(), 0);
  session_ = 0;
  for (const absl::Span<const Search> session : history.sessions) AddSession(session);
  FinishFar();
  EmitRecent();
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

// Of two of the most recent, of which a has the lesser id; else nullptr.
UserPairs::Doing* UserPairs::RecentDoing(uint32_t a, uint32_t b) {
  if (recent_.empty()) return nullptr;
  const uint32_t row_a = row_of_place_[a], row_b = row_of_place_[b];
  if (row_a == UINT32_MAX || row_b == UINT32_MAX) return nullptr;
  return &recent_doings_[row_a * recent_.size() + row_b];
}

// UserHistory::queries are in order of first search, at equal times of query: the lesser place was searched first.
// All members at once: a record that is written bit by bit is slow to copy.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline PairRecord UserPairs::RecordOf(uint32_t a, uint32_t b, const Doing& doing) const {
  const uint32_t since = doing.day > first_day_ ? doing.day - first_day_ : 0;
  return {
      .a = history_->queries[a].query,
      .b = history_->queries[b].query,
      .sessions = static_cast<uint8_t>(std::min<uint32_t>(doing.sessions, PairRecord::kMostSessions)),
      .sessions_a_first = static_cast<uint8_t>(std::min<uint32_t>(doing.sessions_a_first, PairRecord::kMostSessions)),
      .day = static_cast<uint16_t>(std::min(since, PairRecord::kDays - 1)),
      .a_first = a < b,
      .a_next = doing.a_next,
      .b_next = doing.b_next,
      .continued = false};
}

// Most pairs come once, so that looking for an earlier one would take longer than all else.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline void UserPairs::AddFar(const PairRecord& record) {
  if (records_.size() == most_far_) {
    JoinFar();
    most_far_ = std::max(kMostUnjoined, 2 * records_.size());
  }
  records_.push_back(record);
}

// Makes one of all of a pair, and as many that continue it as its sessions need: no more than there were.
void UserPairs::JoinFar() {
  if (!far_repeats_) return;
  const auto pair_of = [](const PairRecord& record) { return uint64_t{record.a} << 32 | record.b; };
  std::sort(records_.begin(), records_.end(),
            [&](const PairRecord& x, const PairRecord& y) { return pair_of(x) < pair_of(y); });
  size_t joined = 0;
  for (size_t begin = 0, end = 0; begin < records_.size(); begin = end) {
    PairRecord record = records_[begin];
    uint32_t sessions = 0, a_first = 0;
    for (; end < records_.size() && pair_of(records_[end]) == pair_of(record); ++end) {
      const PairRecord& other = records_[end];
      sessions += other.sessions;
      a_first += other.sessions_a_first;
      record.day = std::min(record.day, other.day);
      record.a_next |= other.a_next;
      record.b_next |= other.b_next;
    }
    record.continued = false;
    joined = Split(record, sessions, a_first, joined);
  }
  records_.resize(joined);
}

// Writes a record of so many sessions to records_ from `at` on, and those that continue it. Where they end.
size_t UserPairs::Split(PairRecord record, uint32_t sessions, uint32_t a_first, size_t at) {
  do {
    record.sessions = static_cast<uint8_t>(std::min(sessions, PairRecord::kMostSessions));
    record.sessions_a_first = static_cast<uint8_t>(std::min<uint32_t>(a_first, record.sessions));
    records_[at++] = record;
    sessions -= record.sessions;
    a_first -= record.sessions_a_first;
    record.continued = true;
  } while (sessions > 0);
  return at;
}

void UserPairs::AddPair(uint32_t first, uint32_t second, DayNumber day) {
  const bool a_first = IsLess(first, second);
  const uint32_t a = a_first ? first : second, b = a_first ? second : first;
  if (Doing* const doing = RecentDoing(a, b); doing != nullptr) {
    if (doing->sessions == 0) doing->day = day;
    if (doing->sessions == UINT16_MAX) return;  // A kiosk that everybody uses.
    ++doing->sessions;
    doing->sessions_a_first += a_first;
    return;
  }
  AddFar(RecordOf(a, b, {.sessions = 1, .sessions_a_first = a_first, .day = day}));
}

void UserPairs::AddNext(uint32_t from, uint32_t to) {
  const bool b_next = IsLess(from, to);
  const uint32_t a = b_next ? from : to, b = b_next ? to : from;
  if (Doing* const doing = RecentDoing(a, b); doing != nullptr) {
    (b_next ? doing->b_next : doing->a_next) = true;
    return;
  }
  // It is of their session's day, where that counts.
  AddFar(RecordOf(a, b, {.day = UINT16_MAX, .a_next = !b_next, .b_next = b_next}));
  far_repeats_ = true;
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

// What was added so far is of pairs with another query. Of those that no session held together, it was only that one
// came right after the other.
void UserPairs::FinishFar() {
  JoinFar();
  if (!options_.count_next) return;
  const auto apart = [](const PairRecord& record) { return record.sessions == 0; };
  records_.erase(std::remove_if(records_.begin(), records_.end(), apart), records_.end());
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline void UserPairs::Emit(uint32_t a, uint32_t b, const Doing& doing) {
  if (doing.sessions == 0) {
    records_.push_back(RecordOf(a, b, {.day = first_days_[std::max(a, b)]}));
    return;
  }
  records_.push_back(RecordOf(a, b, doing));
  if (doing.sessions <= PairRecord::kMostSessions) return;
  const size_t at = records_.size() - 1;
  records_.resize(at + (doing.sessions + PairRecord::kMostSessions - 1) / PairRecord::kMostSessions);
  Split(records_[at], doing.sessions, doing.sessions_a_first, at);
}

void UserPairs::EmitRecent() {
  const size_t size = recent_.size();
  for (size_t row = 0; row < size; ++row) {
    for (size_t column = row + 1; column < size; ++column) {
      const auto a = static_cast<uint32_t>(recent_[row]), b = static_cast<uint32_t>(recent_[column]);
      Emit(a, b, std::exchange(recent_doings_[row * size + column], {}));
    }
  }
}

}  // namespace kindred
