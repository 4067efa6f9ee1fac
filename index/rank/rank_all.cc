#include "index/rank/rank_all.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "common/status_macros.h"
#include "index/rank/ordered_blocks.h"
#include "index/rank/ranker.h"

namespace kindred {
namespace {

// Lists that are ranked in one go: about a megabyte of rows.
constexpr uint32_t kBlock = 512;

// The lists of a block of queries, in order.
struct RankedBlock {
  QueryId end = 0;  // Of the block: queries below this are done.
  std::vector<std::pair<QueryId, EncodedList>> lists;
};

absl::StatusOr<RankedBlock> RankBlock(Ranker& ranker, QueryId begin, QueryId end) {
  RankedBlock block{.end = end, .lists = {}};
  EncodedList list;
  for (QueryId query = begin; query < end; ++query) {
    ASSIGN_OR_RETURN(const bool any, ranker.Encode(query, list));
    if (any) block.lists.emplace_back(query, list);
  }
  return block;
}

absl::StatusOr<RankedCounts> RankByTables(const EventTable& table, const std::shared_ptr<const RankTables>& tables,
                                          IndexWriter& writer, const std::function<void(uint64_t, uint64_t)>& progress,
                                          uint32_t threads) {
  const auto queries = static_cast<QueryId>(table.queries.size());
  RankedCounts counts;
  counts.caps = tables->report();
  const auto add = [&](QueryId query, const EncodedList& list) {
    ++counts.lists;
    counts.keywords += list.keywords;
    return writer.AddEncoded(table.market, table.queries[query], list);
  };
  RETURN_IF_ERROR(RankRange(tables, {0, queries}, threads, add, progress));
  return counts;
}

}  // namespace

absl::Status RankRange(const std::shared_ptr<const RankTables>& tables, QueryRange range, uint32_t threads,
                       absl::FunctionRef<absl::Status(QueryId, const EncodedList&)> add,
                       const std::function<void(uint64_t, uint64_t)>& progress) {
  const QueryId begin = range.begin, end = range.end;
  std::vector<std::unique_ptr<Ranker>> rankers;
  for (uint32_t i = 0; i < threads; ++i) rankers.push_back(std::make_unique<Ranker>(tables));
  if (progress) progress(0, end - begin);
  const auto rank = [&](uint32_t worker, uint32_t block) {
    const QueryId from = begin + block * kBlock;
    return RankBlock(*rankers[worker], from, std::min(end, from + kBlock));
  };
  const auto take = [&](const RankedBlock& block) -> absl::Status {
    for (const auto& [query, list] : block.lists) RETURN_IF_ERROR(add(query, list));
    if (progress) progress(block.end - begin, end - begin);
    return absl::OkStatus();
  };
  return RunBlocks<RankedBlock>((end - begin + kBlock - 1) / kBlock, threads, rank, take);
}

absl::StatusOr<RankedCounts> RankAll(const EventTable& table, const MinedLog& mined, const RankOptions& options,
                                     IndexWriter& writer, const std::function<void(uint64_t, uint64_t)>& progress,
                                     uint32_t threads) {
  ASSIGN_OR_RETURN(const auto tables, RankTables::Create(table, mined, options, threads));
  return RankByTables(table, tables, writer, progress, threads);
}

absl::StatusOr<RankedCounts> RankAll(const EventTable& table, MinedLog&& mined, const RankOptions& options,
                                     IndexWriter& writer, const std::function<void(uint64_t, uint64_t)>& progress,
                                     uint32_t threads) {
  ASSIGN_OR_RETURN(const auto tables, RankTables::Create(table, std::move(mined), options, threads));
  return RankByTables(table, tables, writer, progress, threads);
}

}  // namespace kindred
