// Everything that ranking needs of one market's log: counts of queries, pairs and products, by distinct users.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/spill_memory.h"
#include "index/mine/event_table.h"
#include "index/mine/pair_counts.h"
#include "index/mine/query_counter.h"
#include "index/mine/user_history.h"
#include "index/mine/user_pairs.h"

namespace kindred {

struct MineOptions {
  HistoryOptions history;
  PairOptions pairs;
  // Pairs of fewer distinct users do not count: a pair is never one person's doing. Costs .004 of MRR@10 on a thin
  // log (docs/relevance.md).
  uint32_t min_pair_users = 2;
  // Days that must agree on a query, a pair and a click, at most: see WantedDays(). A crowd of one day counts as one
  // person. 1: no agreement is asked for. Measured in docs/security.md.
  uint32_t max_wanted_days = 7;
  // Of the popularity that counts recent searches more: what is new is searched most.
  absl::Duration popularity_half_life = absl::Hours(24);
  // Products of a user that count for pairs of products, at most. 0: no cap.
  uint32_t max_user_items = 30;
  bool pairs_only = false;  // No clicks, no pairs of products, and of each query its users alone: no searches.
  uint32_t threads = 1;
};

// Distinct users who clicked, carted or bought `item` after `query`, as far as several days agree.
struct ClickCounts {
  QueryId query;
  ItemId item;
  uint32_t users;
};

// Distinct users who clicked, carted or bought both; a < b.
struct ItemPairCounts {
  ItemId a, b;
  uint32_t users;

  friend bool operator==(const ItemPairCounts&, const ItemPairCounts&) = default;
};

// How much the caps cut, for the report.
struct PairReport {
  uint64_t records = 0;  // One for each user and pair of queries.
  uint64_t users_over_history_cap = 0;
  uint64_t sessions_over_cap = 0;
  uint64_t pairs = 0;       // Distinct pairs.
  uint64_t kept_pairs = 0;  // Of at least min_pair_users.

  PairReport& operator+=(const PairReport& other);
};

struct MineReport {
  uint64_t users = 0;
  uint64_t robots = 0;
  uint64_t robot_events = 0;
  uint64_t half_typed = 0;
  uint64_t searches = 0;
  uint64_t sessions = 0;
  uint64_t clicks = 0;  // Distinct (user, query, item); 0 where clicks are not counted.
  uint64_t users_over_item_cap = 0;
  PairReport pairs;

  // Of other users, or of other pairs.
  MineReport& operator+=(const MineReport& other);
};

struct MinedLog {
  std::shared_ptr<SpillMemory> memory;          // Of what is counted and of what is made of it; nullptr: the heap's.
  LargeSpillVector<QueryCounts> counts;         // By QueryId of the table.
  LargeSpillVector<PairCounts> pairs;           // Ascending by (a, b).
  LargeSpillVector<ClickCounts> clicks;         // Ascending by (query, item).
  LargeSpillVector<ItemPairCounts> item_pairs;  // Ascending by (a, b); of at least min_pair_users.
  MineReport report;
};

// Counts what happened in a window of a table. Queries that nobody searched there, or only robots did, or that were
// only half-typed, have 0 searches and take no part in ranking. The same for any number of threads. Records wait in the
// table's pool, beyond its limit on disk; what is counted lies in the pool's memory for arrays.
//   Errors of ChunkPool::status().
absl::StatusOr<MinedLog> Mine(const EventTable& table, const MineOptions& options, const TimeWindow& window = {});

// The same of all events, whose memory and places on disk it gives back while it goes, whether it fails or not: the
// table keeps its queries and spellings, and tells events() and minutes() as before, but has no item_fingerprints, and
// nobody's rows. Another table of the pool is as it was.
// `progress`, where set, is told on the calling thread which share of the work is done, 0 to 1.
//   Errors of ChunkPool::status().
absl::StatusOr<MinedLog> MineAndForget(EventTable& table, const MineOptions& options,
                                       const std::function<void(double)>& progress = nullptr);

// The moment that ages are counted back from: the minute with all but a thousandth of the window's events before its
// end. One event of a clock that is a month ahead would make all others equally old.
int64_t NowMs(const EventTable& table, const TimeWindow& window);

// How many days must agree, by the days that the window's events span but for a thousandth at either end; a window
// without any: 1.
uint32_t DaysAsked(const EventTable& table, const TimeWindow& window, const MineOptions& options);

// Fewest users who must have searched a keyword before it is shown: the cube root of a ten-thousandth of the log's
// searches, rounded, at least 2; 5 at a million searches, 10 at ten million, which is the field's practice.
uint32_t AutoMinUsers(uint64_t searches);

}  // namespace kindred
