// Ranks every query of a market and writes the lists in key order.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_options.h"
#include "index/store/index_writer.h"

namespace kindred {

struct RankedCounts {
  uint64_t lists = 0;
  uint64_t keywords = 0;
  RankReport caps;
};

// `progress(done, all)`, where set, is called now and then with numbers of queries.
// Errors are those of Ranker::Create() and IndexWriter::Add().
absl::StatusOr<RankedCounts> RankAll(const EventTable& table, const MinedLog& mined, const RankOptions& options,
                                     IndexWriter& writer, const std::function<void(uint64_t, uint64_t)>& progress);

}  // namespace kindred
