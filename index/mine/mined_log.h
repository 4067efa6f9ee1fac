// Everything that ranking needs of one market's log: counts of queries, pairs and products, by distinct users.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "index/mine/event_table.h"
#include "index/mine/item_pair_counter.h"
#include "index/mine/pair_counter.h"
#include "index/mine/user_history.h"

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
};

struct QueryCounts {
  uint32_t users = 0;  // Who searched it, as far as several days agree (index/mine/agreement.h).
  uint32_t searches = 0;
  uint32_t followups = 0;  // Searches that came right after another query in a session.
  // Searches, each weighted by .5^(age / popularity_half_life); age at the log's last event, at most 64 half-lives, so
  // that no search weighs nothing.
  double recent = 0;
  bool found_nothing = false;  // The log's last search of it that tells found no product.
  SpellingId display = 0;      // The spelling that most users typed; of several, the first in byte order.
};

// Distinct users who clicked, carted or bought `item` after `query`, as far as several days agree.
struct ClickCounts {
  QueryId query;
  ItemId item;
  uint32_t users;
};

struct MineReport {
  uint64_t users = 0;
  uint64_t robots = 0;
  uint64_t robot_events = 0;
  uint64_t half_typed = 0;
  uint64_t searches = 0;
  uint64_t sessions = 0;
  uint64_t clicks = 0;  // Distinct (user, query, item).
  uint64_t users_over_item_cap = 0;
  PairReport pairs;
};

struct MinedLog {
  std::vector<QueryCounts> counts;         // By QueryId of the table.
  std::vector<PairCounts> pairs;           // Ascending by (a, b).
  std::vector<ClickCounts> clicks;         // Ascending by (query, item).
  std::vector<ItemPairCounts> item_pairs;  // Ascending by (a, b); of at least min_pair_users.
  MineReport report;
};

// Runs the stages over a whole table, in memory. Queries that only robots searched, or that were only half-typed, have
// 0 searches and take no part in ranking.
MinedLog Mine(const EventTable& table, const MineOptions& options);

// Fewest users who must have searched a keyword before it is shown: the cube root of a ten-thousandth of the log's
// searches, rounded, at least 2; 5 at a million searches, 10 at ten million, which is the field's practice.
uint32_t AutoMinUsers(uint64_t searches);

}  // namespace kindred
