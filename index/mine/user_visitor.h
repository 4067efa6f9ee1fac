// Visits users one by one and takes what counting needs of each: the stage "users" of mining. Users may be visited on
// any number of threads, or machines, and their records be counted together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "common/spill_memory.h"
#include "index/mine/agreement.h"
#include "index/mine/chunk_pool.h"
#include "index/mine/event_table.h"
#include "index/mine/id_ranges.h"
#include "index/mine/mined_log.h"
#include "index/mine/partitions.h"
#include "index/mine/query_counter.h"
#include "index/mine/user_history.h"
#include "index/mine/user_item_pairs.h"
#include "index/mine/user_pairs.h"
#include "index/mine/user_rows.h"

namespace kindred {

// One user's first day with a query.
struct QueryDay {
  QueryId query;
  uint32_t day;  // Since the table's first.

  uint32_t first_id() const { return query; }
  uint32_t second_id() const { return 0; }
};

// Where the records of each kind go: queries and pairs by the range of their (first) query, products' pairs by product.
struct RecordRanges {
  // Of a range that are counted at a time; a hot query has more, and takes several passes.
  static constexpr uint64_t kMostRecords = 1 << 20;

  // At most `most` for pairs, and a quarter of it for each other kind, but `least` of each where there are ids enough.
  // The same for tables of one frame.
  RecordRanges(const EventTable& table, uint64_t most, uint32_t least = 1);
  // So that a chunk for each range, kind and thread takes half of the pool's memory, unless a range had to be read
  // several times over.
  static uint64_t MostOf(const ChunkPool& pool, uint32_t threads);

  IdRanges pairs, queries, items;
};

// What one thread takes from the users that it visits.
struct UserRecords {
  explicit UserRecords(const std::shared_ptr<ChunkPool>& pool)  // Of no range.
      : pairs(pool, 0), query_days(pool, 0), clicks(pool, 0), item_pairs(pool, 0) {}
  UserRecords(const std::shared_ptr<ChunkPool>& pool, const RecordRanges& ranges)
      : pairs(pool, ranges.pairs.ranges()),
        query_days(pool, ranges.queries.ranges()),
        clicks(pool, ranges.queries.ranges()),
        item_pairs(pool, ranges.items.ranges()) {}

  void Merge(UserRecords&& other) {
    pairs.Merge(std::move(other.pairs));
    query_days.Merge(std::move(other.query_days));
    clicks.Merge(std::move(other.clicks));
    item_pairs.Merge(std::move(other.item_pairs));
  }

  Partitions<PairRecord> pairs;
  Partitions<QueryDay> query_days;
  Partitions<Click> clicks;
  Partitions<ItemPair> item_pairs;
};

// Not thread-safe: one for each thread.
class UserVisitor {
 public:
  // All must outlive it.
  UserVisitor(const EventTable& table, const MineOptions& options, const TimeWindow& window, const RecordRanges& ranges,
              QueryCounter* queries);
  // REQUIRES: partition < EventTable::kUserPartitions. A failure of the disk stays in the pool's status().
  void Visit(uint32_t partition);

  // Gives the counter of queries what this visitor counted for itself. To be called once, when all have visited.
  void Finish() { counting_.Finish(); }
  MineReport report() const;  // Of the users that it saw.

  UserRecords records;

 private:
  inline void Prefetch(absl::Span<const EventRow> rows) const;
  void Add(absl::Span<const EventRow> rows);
  template <typename Record>
  void AppendAll(absl::Span<const Record> records, const IdRanges& ranges, Partitions<Record>& partitions);
  void AddQueryDays(const UserHistory& history);

  const RecordRanges& ranges_;
  const DayNumber first_day_;
  SpillVector<uint32_t> partition_of_record_;  // Of one user's of one kind.
  UserRows rows_;
  HistoryCleaner cleaner_;
  UserPairs pairs_;
  UserItemPairs item_pairs_;
  const bool pairs_only_, count_days_;
  QueryCounter* const queries_;
  QueryCounter::Hand counting_;
  MineReport report_;
};

}  // namespace kindred
