#include "index/mine/pair_counts.h"

#include <algorithm>

namespace kindred {
namespace {

uint32_t Share(uint64_t count, uint64_t part, uint64_t whole) {
  if (part == whole) return static_cast<uint32_t>(count);
  return static_cast<uint32_t>((count * part + whole / 2) / whole);
}

}  // namespace

PairCounts PairSummer::Sum(absl::Span<const PairRecord> records) {
  uint32_t people = 0, session_people = 0;
  uint64_t sessions = 0, sessions_a_first = 0, a_first = 0, a_next = 0, b_next = 0;
  const bool capped = max_user_sessions_ > 0, agree = wanted_days_ > 1;
  for (const PairRecord& record : records) {
    if (!record.continued) {
      ++people;
      session_people += record.sessions > 0;
      if (agree) users_.Add(record.day);
      if (agree && record.sessions > 0) session_users_.Add(record.day);
      a_first += record.a_first;
      a_next += record.a_next;
      b_next += record.b_next;
    } else if (capped) {
      continue;
    }
    sessions += capped ? std::min<uint32_t>(record.sessions, max_user_sessions_) : record.sessions;
    sessions_a_first += capped ? std::min<uint32_t>(record.sessions_a_first, max_user_sessions_)  //
                               : record.sessions_a_first;
  }
  const uint32_t users = agree ? users_.Agreed(wanted_days_) : people;
  const uint32_t session_users = agree ? session_users_.Agreed(wanted_days_) : session_people;
  const PairCounts counts{.a = records.front().a,
                          .b = records.front().b,
                          .users = users,
                          .session_users = session_users,
                          .sessions = Share(sessions, session_users, session_people),
                          .sessions_a_first = Share(sessions_a_first, session_users, session_people),
                          .users_a_first = Share(a_first, users, people),
                          .users_a_next = Share(a_next, users, people),
                          .users_b_next = Share(b_next, users, people)};
  if (agree) {
    users_.Clear();
    session_users_.Clear();
  }
  return counts;
}

}  // namespace kindred
