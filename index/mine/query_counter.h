// Counts of single queries, from the histories of all users.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/large_page_allocator.h"
#include "common/spill_memory.h"
#include "index/mine/event_table.h"
#include "index/mine/user_history.h"

namespace kindred {

struct QueryCounts {
  uint32_t users = 0;  // Who searched it; once mined, as far as several days agree (index/mine/agreement.h).
  uint32_t searches = 0;
  uint32_t followups = 0;  // Searches that came right after another query in a session.
  // Searches, each weighted by .5^(age / half-life), in steps of 2^-32, at least one: no search weighs nothing.
  double recent = 0;
  bool found_nothing = false;  // The log's last search of it that tells found no product.
  SpellingId display = 0;      // The spelling that most users typed; of several, the first in byte order.
};

// What some users did with a query, in whole numbers.
struct QuerySum {
  QueryId query = 0;
  uint32_t users = 0, searches = 0, followups = 0;
  uint64_t recent = 0;      // In steps of 2^-32.
  uint64_t last_found = 0;  // time_ms << 2 | Found of the last search that tells; or 0.
};

// Of some users, how many typed a query so.
struct SpellingSum {
  QueryId query;
  SpellingId spelling;
  uint32_t users;
};

// Of the sums of all users: the spelling of most users, of several the first, must be offered in order of spellings.
class QueryCountsMaker {
 public:
  explicit QueryCountsMaker(const QuerySum& sum);
  void Offer(SpellingId spelling, uint32_t users) {
    if (users <= most_) return;
    most_ = users;
    counts.display = spelling;
  }

  QueryCounts counts;

 private:
  uint32_t most_ = 0;
};

// Sums over users are whole numbers, so that their order does not matter. The table must outlive it.
class QueryCounter {
  struct Counts {
    uint64_t recent = 0;
    uint32_t users = 0, searches = 0, followups = 0;
  };
  struct Sums {
    LargePageVector<uint32_t> users;           // By query, where nothing else is counted; the others are empty.
    LargePageVector<Counts> counts;            // By query.
    LargePageVector<uint32_t> spelling_users;  // By spelling.
  };

 public:
  // Ages are counted back from `now_ms`; later searches are of that moment. `threads` may add at once. users_only: all
  // other counts stay 0, and what is counted in fits a nearer cache.
  QueryCounter(const EventTable& table, absl::Duration half_life, int64_t now_ms, uint32_t threads,
               bool users_only = false);

  // All rows of a user, a robot's too: stock does not depend on who asks.
  void AddRows(absl::Span<const EventRow> rows);

  // One thread's hand, which counts users one after another: for itself where the budget has room for that, as threads
  // that write into the same sums wait for each other's caches. Not thread-safe. The counter must outlive it.
  class Hand {
   public:
    explicit Hand(QueryCounter* counter);
    Hand(const Hand&) = delete;
    Hand& operator=(const Hand&) = delete;

    void Add(const UserHistory& history);
    // Brings into the cache what these rows are counted in.
    ABSL_ATTRIBUTE_ALWAYS_INLINE void Prefetch(absl::Span<const EventRow> rows) const {
      for (const EventRow& row : rows) {
        if (counter_->users_only_) {
          __builtin_prefetch(&sums_->users[row.query], 1);
          continue;
        }
        __builtin_prefetch(&sums_->counts[row.query], 1);
        __builtin_prefetch(&sums_->spelling_users[row.spelling], 1);
      }
    }
    // Gives the counter what it counted for itself. To be called once, when all hands have added.
    void Finish();

   private:
    template <typename T>
    void AddTo(T& sum, T value) const;

    QueryCounter* const counter_;
    const bool is_shared_;  // Others add to the same sums.
    Sums own_;
    Sums* const sums_;  // What it adds to: its own, or the counter's.
    struct OfQuery {
      uint32_t searches = 0, followups = 0;
      uint64_t recent = 0;
    };
    std::vector<OfQuery> of_user_;  // By place.
    std::vector<SpellingId> more_spellings_;
  };

  // By query, with the displays. In the table's memory for arrays.
  LargeSpillVector<QueryCounts> Finish() const;
  // What was summed up, ascending by id, without zeros. REQUIRES: not users_only.
  std::vector<QuerySum> QuerySums() const;
  std::vector<SpellingSum> SpellingSums() const;

 private:
  Sums Zeros() const;
  bool HandsMayHaveOwn() const;
  uint64_t Weight(int64_t time_ms) const;
  QuerySum SumOf(QueryId query) const;

  const EventTable& table_;
  const int64_t now_ms_;
  const double steps_per_ms_;
  const uint32_t threads_;
  const bool users_only_;
  std::vector<uint64_t> weight_of_step_;
  Sums sums_;
  std::vector<uint64_t> last_found_;  // By query, as in QuerySum; empty where the log does not tell.
};

}  // namespace kindred
