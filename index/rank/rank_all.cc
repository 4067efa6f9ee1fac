#include "index/rank/rank_all.h"

#include <memory>
#include <optional>

#include "common/status_macros.h"
#include "index/rank/ranker.h"

namespace kindred {

absl::StatusOr<RankedCounts> RankAll(const EventTable& table, const MinedLog& mined, const RankOptions& options,
                                     IndexWriter& writer, const std::function<void(uint64_t, uint64_t)>& progress) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Ranker> ranker, Ranker::Create(table, mined, options));
  RankedCounts counts;
  // Ids ascend by query bytes, which is the order of the keys.
  for (QueryId query = 0; query < table.queries.size(); ++query) {
    if (progress && query % 1024 == 0) progress(query, table.queries.size());
    const std::optional<RelatedList> list = ranker->Rank(query);
    if (!list.has_value()) continue;
    RETURN_IF_ERROR(writer.Add(table.market, table.queries[query], *list));
    ++counts.lists;
    counts.keywords += list->candidates.size();
  }
  counts.caps = ranker->report();
  return counts;
}

}  // namespace kindred
