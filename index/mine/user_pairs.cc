#include "index/mine/user_pairs.h"

#include <algorithm>
#include <utility>

#include "absl/base/attributes.h"

namespace kindred {
namespace {

constexpr size_t kMostUnjoined = 4096;  // Of a user without more repeated pairs than that.

}  // namespace

absl::Span<const PairRecord> UserPairs::Of(const UserHistory& history) {
  size_ = 0;
  if (history.queries.size() < 2) return {};
  history_ = &history;
  ChooseRecent();
  repeated_.clear();
  most_repeated_ = kMostUnjoined;
  if (session_of_place_.size() < history.queries.size()) session_of_place_.resize(history.queries.size());
  for (const absl::Span<const Search> session : history.sessions) {
    if (session.size() > 1) AddSession(session);
  }
  FinishRepeated();
  EmitRecent();
  pairs_ += size_;
  return absl::MakeConstSpan(records_.data(), size_);
}

uint16_t UserPairs::DaySinceFirst(int64_t time_ms) const {
  const DayNumber day = DayOf(time_ms);
  return static_cast<uint16_t>(std::min<uint32_t>(day > first_day_ ? day - first_day_ : 0, PairRecord::kDays - 1));
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
    first_days_.push_back(DaySinceFirst(history_->searches[query.first].time_ms));
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

// Where they go.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline PairRecord* UserPairs::RoomFor(size_t records) {
  if (records_.size() < size_ + records) records_.resize(std::max(2 * size_, size_ + records));
  return records_.data() + size_;
}

// UserHistory::queries are in order of first search, at equal times of query: the lesser place was searched first.
// All members at once: a record that is written bit by bit is slow to copy.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline PairRecord UserPairs::RecordOf(uint32_t a, uint32_t b, const Doing& doing) const {
  return {
      .a = history_->queries[a].query,
      .b = history_->queries[b].query,
      .sessions = static_cast<uint8_t>(std::min<uint32_t>(doing.sessions, PairRecord::kMostSessions)),
      .sessions_a_first = static_cast<uint8_t>(std::min<uint32_t>(doing.sessions_a_first, PairRecord::kMostSessions)),
      .day = doing.day,
      .a_first = a < b,
      .a_next = doing.a_next,
      .b_next = doing.b_next,
      .continued = false};
}

void UserPairs::AddRepeated(const PairRecord& record) {
  if (repeated_.size() == most_repeated_) {
    JoinRepeated();
    most_repeated_ = std::max(kMostUnjoined, 2 * repeated_.size());
  }
  repeated_.push_back(record);
}

// Makes one of all of a pair, and as many that continue it as its sessions need: no more than there were.
void UserPairs::JoinRepeated() {
  const auto pair_of = [](const PairRecord& record) { return uint64_t{record.a} << 32 | record.b; };
  std::sort(repeated_.begin(), repeated_.end(),
            [&](const PairRecord& x, const PairRecord& y) { return pair_of(x) < pair_of(y); });
  PairRecord* joined = repeated_.data();
  for (size_t begin = 0, end = 0; begin < repeated_.size(); begin = end) {
    PairRecord record = repeated_[begin];
    uint32_t sessions = 0, a_first = 0;
    for (; end < repeated_.size() && pair_of(repeated_[end]) == pair_of(record); ++end) {
      const PairRecord& other = repeated_[end];
      sessions += other.sessions;
      a_first += other.sessions_a_first;
      record.day = std::min(record.day, other.day);
      record.a_next |= other.a_next;
      record.b_next |= other.b_next;
    }
    record.continued = false;
    joined = Split(record, sessions, a_first, joined);
  }
  repeated_.resize(static_cast<size_t>(joined - repeated_.data()));
}

// Writes a record of so many sessions, and those that continue it, from `at` on. Where they end.
PairRecord* UserPairs::Split(PairRecord record, uint32_t sessions, uint32_t a_first, PairRecord* at) {
  do {
    record.sessions = static_cast<uint8_t>(std::min(sessions, PairRecord::kMostSessions));
    record.sessions_a_first = static_cast<uint8_t>(std::min<uint32_t>(a_first, record.sessions));
    *at++ = record;
    sessions -= record.sessions;
    a_first -= record.sessions_a_first;
    record.continued = true;
  } while (sessions > 0);
  return at;
}

void UserPairs::AddDoing(Doing& doing, bool a_first, uint16_t day) {
  if (doing.sessions == 0) doing.day = day;
  if (doing.sessions == UINT16_MAX) return;  // A kiosk that everybody uses.
  ++doing.sessions;
  doing.sessions_a_first += a_first;
}

// A pair comes once where one of its queries is of one session: looking for an earlier record of it would take longer
// than all else. REQUIRES: RoomFor(1).
ABSL_ATTRIBUTE_ALWAYS_INLINE inline void UserPairs::AddPair(const SessionQuery& first, const SessionQuery& second,
                                                            uint16_t day) {
  const bool a_first = first.query < second.query;
  if (!recent_.empty()) {
    Doing* const doing = a_first ? RecentDoing(first.place, second.place) : RecentDoing(second.place, first.place);
    if (doing != nullptr) return AddDoing(*doing, a_first, day);
  }
  PairRecord& record = records_[size_];
  record = {.a = std::min(first.query, second.query),
            .b = std::max(first.query, second.query),
            .sessions = 1,
            .sessions_a_first = a_first,
            .day = day,
            .a_first = (first.place < second.place) == a_first,
            .a_next = false,
            .b_next = false,
            .continued = false};
  if (first.repeated && second.repeated) {
    AddRepeated(record);
  } else {
    ++size_;
  }
}

void UserPairs::AddNext(uint32_t from, uint32_t to) {
  const bool b_next = IsLess(from, to);
  const uint32_t a = b_next ? from : to, b = b_next ? to : from;
  if (Doing* const doing = RecentDoing(a, b); doing != nullptr) {
    (b_next ? doing->b_next : doing->a_next) = true;
    return;
  }
  // It is of their session's day, where that counts.
  AddRepeated(RecordOf(a, b, {.day = PairRecord::kDays - 1, .a_next = !b_next, .b_next = b_next}));
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline absl::Span<const UserPairs::SessionQuery> UserPairs::FindSessionQueries(
    absl::Span<const Search> session) {
  const UserQuery* const queries = history_->queries.data();
  const auto begin = static_cast<size_t>(session.data() - history_->searches.data()), end = begin + session.size();
  if (session_queries_.size() < session.size()) session_queries_.resize(session.size());
  SessionQuery* const found = session_queries_.data();
  uint64_t* const session_of_place = session_of_place_.data();
  const uint64_t number = ++session_;
  const size_t most = options_.max_session_queries > 0 ? options_.max_session_queries : SIZE_MAX;
  size_t size = 0;
  for (const Search& search : session) {
    if (session_of_place[search.place] == number) continue;
    session_of_place[search.place] = number;
    if (size == most) {
      ++sessions_over_cap_;
      break;
    }
    const UserQuery& query = queries[search.place];
    const bool is_elsewhere = query.first < begin || query.last >= end;
    found[size++] = {search.query, search.place, is_elsewhere || options_.count_next};
  }
  return absl::MakeConstSpan(found, size);
}

void UserPairs::AddSession(absl::Span<const Search> session) {
  if (options_.count_next) {
    for (size_t i = 1; i < session.size(); ++i) {
      if (session[i - 1].place != session[i].place) AddNext(session[i - 1].place, session[i].place);
    }
  }
  const uint16_t day = DaySinceFirst(session.front().time_ms);
  const absl::Span<const SessionQuery> queries = FindSessionQueries(session);
  for (auto rest = queries; rest.size() > 1; rest.remove_prefix(1)) {
    RoomFor(rest.size() - 1);
    for (const SessionQuery& second : rest.subspan(1)) AddPair(rest.front(), second, day);
  }
}

// Of pairs that no session held together, it was only that one came right after the other.
void UserPairs::FinishRepeated() {
  JoinRepeated();
  PairRecord* at = RoomFor(repeated_.size());
  for (const PairRecord& record : repeated_) {
    if (record.sessions == 0) continue;
    *at++ = record;
    pairs_ -= record.continued;
  }
  size_ = static_cast<size_t>(at - records_.data());
}

void UserPairs::EmitRecent() {
  const size_t size = recent_.size();
  for (size_t row = 0; row < size; ++row) {
    PairRecord* at = RoomFor(size);
    for (size_t column = row + 1; column < size; ++column) {
      const auto a = static_cast<uint32_t>(recent_[row]), b = static_cast<uint32_t>(recent_[column]);
      const Doing doing = std::exchange(recent_doings_[row * size + column], {});
      if (doing.sessions == 0) {
        *at++ = RecordOf(a, b, {.day = first_days_[std::max(a, b)]});
      } else if (doing.sessions <= PairRecord::kMostSessions) {
        *at++ = RecordOf(a, b, doing);
      } else {
        size_ = static_cast<size_t>(at - records_.data());
        const size_t more = (doing.sessions - 1) / PairRecord::kMostSessions;
        at = RoomFor(size + more);
        at = Split(RecordOf(a, b, doing), doing.sessions, doing.sessions_a_first, at);
        pairs_ -= more;
      }
    }
    size_ = static_cast<size_t>(at - records_.data());
  }
}

}  // namespace kindred
