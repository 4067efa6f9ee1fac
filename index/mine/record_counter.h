// Counts the records of all users: the stage "pairs" of mining, and its like for queries, clicks and products. Each
// range of keys may be counted by itself.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "index/mine/chunk_pool.h"
#include "index/mine/mined_log.h"
#include "index/mine/user_visitor.h"

namespace kindred {

struct QueryUsers {
  QueryId query;
  uint32_t users;
};

// As the members of MinedLog.
struct CountedRecords {
  LargeSpillVector<QueryUsers> query_users;  // Ascending by query.
  LargeSpillVector<PairCounts> pairs;
  LargeSpillVector<ClickCounts> clicks;
  LargeSpillVector<ItemPairCounts> item_pairs;
  uint64_t distinct_pairs = 0;
};

// Takes the records, and gives their memory back. `progress`, where set, is told on the calling thread which share of
// the pairs, which take the longest, is counted. REQUIRES: partitions are ranges of the records' keys, in order. A
// failure of the disk stays in the pool's status().
CountedRecords CountRecords(const std::shared_ptr<ChunkPool>& pool, const MineOptions& options, uint32_t wanted_days,
                            UserRecords& records, const std::function<void(double)>& progress = nullptr);

}  // namespace kindred
