// Which queries one user searched together: the stage "users" of mining gives these records, and the stage "pairs"
// counts them.
//
// A user gives one PairRecord for each pair of their distinct queries, so that the number of records of a pair is its
// number of distinct users and no user id is needed past this point.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "common/spill_memory.h"
#include "index/mine/agreement.h"
#include "index/mine/event_table.h"
#include "index/mine/user_history.h"

namespace kindred {

struct PairOptions {
  // Pairs over a user's whole history are of their most recent distinct queries, so many at most; pairs within a
  // session count always. Measured on a log of 10 million rows: 30 take half the time of 50; on real shoppers 10 and
  // above score the same (hit@10 .296). 0: no cap.
  uint32_t max_history_queries = 30;
  bool across_sessions = true;  // False: pairs within a session alone.
  bool count_next = true;       // False: PairRecord::a_next and b_next stay false.
  // Distinct queries of one session that count, the first ones. 0: no cap.
  uint32_t max_session_queries = 100;
  // Sessions of one user with a pair that count, so that nobody is heard louder for coming back. 0: no cap. Costs
  // nothing: see docs/security.md.
  uint32_t max_user_sessions = 1;
};

// One user's doing for one unordered pair, in 12 bytes.
struct PairRecord {
  static constexpr uint32_t kMostSessions = 255;
  static constexpr uint32_t kDays = 4096;  // 11 years.

  QueryId a, b;              // a < b.
  uint8_t sessions;          // That hold both; 0: only their history does.
  uint8_t sessions_a_first;  // Of these, where the first search of a came before the first of b, or with it.
  uint16_t day : 12;         // Of the first session that holds both, else of the day on which the user had
                             // searched both; since the first day that UserPairs was told of.
  uint16_t a_first : 1;      // The user's first search of a came before their first of b. (Equal times: a does.)
  uint16_t a_next : 1;       // The user once searched a right after b, in one session.
  uint16_t b_next : 1;       // Likewise b right after a.
  uint16_t continued : 1;    // More sessions of the record of the same user and pair that came before this one.

  uint32_t first_id() const { return a; }
  uint32_t second_id() const { return b; }
};
static_assert(sizeof(PairRecord) == 12, "mining's memory is mostly these");

// Keeps its memory between calls, records in arrays of `memory` if there is one: one for each thread.
class UserPairs {
 public:
  // Days before `first_day` count as that day.
  UserPairs(const PairOptions& options, DayNumber first_day, const std::shared_ptr<SpillMemory>& memory = nullptr)
      : options_(options), first_day_(first_day), repeated_(memory), records_(memory) {}

  // The records of a user, one for each pair and those that continue it. Valid until the next call.
  absl::Span<const PairRecord> Of(const UserHistory& history);

  uint64_t pairs() const { return pairs_; }  // Of each user: all records but those that continue one.
  uint64_t users_over_history_cap() const { return users_over_history_cap_; }
  uint64_t sessions_over_cap() const { return sessions_over_cap_; }

 private:
  // What a user did with two of the most recent queries, of ids a < b.
  struct Doing {
    uint16_t sessions = 0, sessions_a_first = 0;
    uint16_t day = 0;  // Of the first of the sessions, as in PairRecord.
    bool a_next = false, b_next = false;
  };

  // A query of a session.
  struct SessionQuery {
    QueryId query;
    uint32_t place;
    bool repeated;  // A pair of two such queries may get another record.
  };

  // Queries are named by their places in UserHistory::queries.
  bool IsLess(uint32_t x, uint32_t y) const { return history_->queries[x].query < history_->queries[y].query; }
  uint16_t DaySinceFirst(int64_t time_ms) const;
  uint32_t OldestRecent();
  void ChooseRecent();
  absl::Span<const SessionQuery> FindSessionQueries(absl::Span<const Search> session);
  void AddSession(absl::Span<const Search> session);
  void AddPair(const SessionQuery& first, const SessionQuery& second, uint16_t day);
  void AddNext(uint32_t from, uint32_t to);
  Doing* RecentDoing(uint32_t a, uint32_t b);
  static void AddDoing(Doing& doing, bool a_first, uint16_t day);
  PairRecord RecordOf(uint32_t a, uint32_t b, const Doing& doing) const;
  PairRecord* RoomFor(size_t records);
  void AddRepeated(const PairRecord& record);
  void JoinRepeated();
  static PairRecord* Split(PairRecord record, uint32_t sessions, uint32_t a_first, PairRecord* at);
  void FinishRepeated();
  void EmitRecent();

  const PairOptions options_;
  const DayNumber first_day_;
  std::vector<uint16_t> first_days_;  // Of each query's first search, as in PairRecord.
  std::vector<uint32_t> lasts_;
  const UserHistory* history_ = nullptr;
  std::vector<uint64_t> recent_;        // The most recent queries: ids, and places below them; ascending. None where
                                        // only pairs within a session count.
  std::vector<uint32_t> row_of_place_;  // The place's index in recent_, or UINT32_MAX.
  std::vector<Doing> recent_doings_;    // By row and row, a's times recent_.size().
  size_t most_repeated_ = 0;            // They are joined when there are so many.
  std::vector<SessionQuery> session_queries_;  // Of one: distinct, in order of first search.
  std::vector<uint64_t> session_of_place_;     // The last session that held it, of this user or one before.
  uint64_t session_ = 0;                       // Of all users.
  SpillVector<PairRecord> repeated_;  // Of pairs with another query than the most recent, that may be in it twice.
  SpillVector<PairRecord> records_;  // Those that are not in use, too: a record that is written in place is not copied.
  size_t size_ = 0;                  // How many are.
  uint64_t pairs_ = 0, users_over_history_cap_ = 0, sessions_over_cap_ = 0;
};

}  // namespace kindred
