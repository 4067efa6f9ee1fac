// Ranks every query of a market and writes the lists in key order.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_options.h"
#include "index/rank/rank_tables.h"
#include "index/store/index_writer.h"
#include "index/store/related_list_codec.h"

namespace kindred {

struct RankedCounts {
  uint64_t lists = 0;
  uint64_t keywords = 0;
  RankReport caps;
};

struct QueryRange {
  QueryId begin, end;
};
// Ranks the queries of a range and calls add(query, list) for each that has a list, ascending, on the calling thread:
// ids ascend by query bytes, which is the order of the keys. Threads, progress and errors as below, and add()'s.
absl::Status RankRange(const std::shared_ptr<const RankTables>& tables, QueryRange range, uint32_t threads,
                       absl::FunctionRef<absl::Status(QueryId, const EncodedList&)> add,
                       const std::function<void(uint64_t, uint64_t)>& progress = nullptr);

// `progress(done, all)`, where set, is called now and then with numbers of queries, on the calling thread. The rows,
// and their order, are the same for any number of threads, which must be above 0; each takes a megabyte or two. Errors
// are those of RankTables::Create(), Ranker::Encode() and IndexWriter::Add(); the first one stops all threads.
absl::StatusOr<RankedCounts> RankAll(const EventTable& table, const MinedLog& mined, const RankOptions& options,
                                     IndexWriter& writer, const std::function<void(uint64_t, uint64_t)>& progress,
                                     uint32_t threads = 1);
// The same in less memory: see RankTables::Create().
absl::StatusOr<RankedCounts> RankAll(const EventTable& table, MinedLog&& mined, const RankOptions& options,
                                     IndexWriter& writer, const std::function<void(uint64_t, uint64_t)>& progress,
                                     uint32_t threads = 1);

}  // namespace kindred
