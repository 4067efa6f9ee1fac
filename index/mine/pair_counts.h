// Which queries go together: the stage "pairs" of mining, where the records of all users become counts.
#pragma once

#include <cstdint>

#include "absl/types/span.h"
#include "index/mine/agreement.h"
#include "index/mine/user_pairs.h"

namespace kindred {

// All users' doing for one unordered pair, as far as several days agree on it (index/mine/agreement.h).
struct PairCounts {
  QueryId a, b;                   // a < b.
  uint32_t users = 0;             // Distinct users who searched both, ever.
  uint32_t session_users = 0;     // Of those, users who did in one session.
  uint32_t sessions = 0;          // Sessions that hold both, of each user max_user_sessions at most.
  uint32_t sessions_a_first = 0;  // Of `sessions`, those where a was searched first, or with b. See max_user_sessions.
  uint32_t users_a_first = 0;     // Of `users`, those whose first search of a came before their first of b.
  uint32_t users_a_next = 0;      // Of `users`, those who once searched a right after b, in one session.
  uint32_t users_b_next = 0;      // Likewise b right after a.

  friend bool operator==(const PairCounts&, const PairCounts&) = default;
};

// Keeps its memory between calls: one for each thread.
class PairSummer {
 public:
  PairSummer(uint32_t max_user_sessions, uint32_t wanted_days)
      : max_user_sessions_(max_user_sessions), wanted_days_(wanted_days) {}

  // `records` are all of one pair; continued ones follow theirs. Shares of all users are kept among those who count.
  PairCounts Sum(absl::Span<const PairRecord> records);

 private:
  const uint32_t max_user_sessions_, wanted_days_;
  DayTally users_, session_users_;
};

}  // namespace kindred
