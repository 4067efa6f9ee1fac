// Which queries go together: the stages "pairs" of mining.
//
// A user gives one PairRecord for each pair of their distinct queries, so that the number of records of a pair is its
// number of distinct users and no user id is needed past this point.
#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "index/mine/agreement.h"
#include "index/mine/event_table.h"
#include "index/mine/user_history.h"

namespace kindred {

struct PairOptions {
  // Pairs over a user's whole history are of their most recent distinct queries, so many at most; pairs within a
  // session count always. Measured on a log of 10 million rows: 30 take half the time of 50; on real shoppers 10 and
  // above score the same (hit@10 .296). 0: no cap.
  uint32_t max_history_queries = 30;
  // Distinct queries of one session that count, the first ones. 0: no cap.
  uint32_t max_session_queries = 100;
  // Sessions of one user with a pair that count, so that nobody is heard louder for coming back. 0: no cap. Costs
  // nothing: see docs/security.md.
  uint32_t max_user_sessions = 1;
};

// One user's doing for one unordered pair.
struct PairRecord {
  QueryId a, b;       // a < b.
  uint32_t sessions;  // Sessions that hold both; 0: only their history does.
  DayNumber day;      // Of the first such session, else of the day on which the user had searched both.
  bool a_first : 1;   // The user's first search of a came before their first of b. (Equal times: a is first.)
  bool a_next : 1;    // The user once searched a right after b, in one session.
  bool b_next : 1;    // Likewise b right after a.

  friend bool operator<(const PairRecord& x, const PairRecord& y) {
    return std::tie(x.a, x.b, x.day) < std::tie(y.a, y.b, y.day);
  }
};
static_assert(sizeof(PairRecord) == 16, "mining's memory is mostly these");

// All users' doing for one unordered pair, as far as several days agree on it (index/mine/agreement.h).
struct PairCounts {
  QueryId a, b;                // a < b.
  uint32_t users = 0;          // Distinct users who searched both, ever.
  uint32_t session_users = 0;  // Of those, users who did in one session.
  uint32_t sessions = 0;       // Sessions that hold both, of each user max_user_sessions at most.
  uint32_t users_a_first = 0;  // Of `users`, those whose first search of a came before their first of b.
  uint32_t users_a_next = 0;   // Of `users`, those who once searched a right after b, in one session.
  uint32_t users_b_next = 0;   // Likewise b right after a.

  friend bool operator==(const PairCounts&, const PairCounts&) = default;
};

// How much the caps cut, for the report.
struct PairReport {
  uint64_t records = 0;
  uint64_t users_over_history_cap = 0;
  uint64_t sessions_over_cap = 0;
  uint64_t pairs = 0;       // Distinct pairs.
  uint64_t kept_pairs = 0;  // Of at least min_pair_users.
};

// Takes users one by one and counts the pairs of them all. Not thread-safe.
class PairCounter {
 public:
  explicit PairCounter(const PairOptions& options) : options_(options) {}

  // Each user once.
  void AddUser(const UserHistory& history);
  // The pairs of at least `min_users` users that `wanted_days` days agree on, ascending by (a, b). Leaves the counter
  // empty.
  std::vector<PairCounts> Finish(uint32_t min_users, uint32_t wanted_days = 1);
  const PairReport& report() const { return report_; }

 private:
  PairOptions options_;
  std::vector<PairRecord> records_;
  PairReport report_;
};

}  // namespace kindred
