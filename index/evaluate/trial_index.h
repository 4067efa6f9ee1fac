// An index that is made only to be asked: of one part of a log, to measure by what the other part holds. It gives the
// rows that IndexWriter would write, decoded and looked up by the server's own code, but makes a list only when
// somebody asks for it, and writes none.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "index/lookup/recommender.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_options.h"
#include "index/rank/rank_tables.h"

namespace kindred {

// Const use is thread-safe.
class TrialIndex {
 public:
  // Of each table with the mined log at the same place; both must outlive it. The same for any number of threads, which
  // must be above 0. REQUIRES: rank.min_users >= 1.
  //   Errors of RankTables::Create().
  static absl::StatusOr<std::unique_ptr<const TrialIndex>> Build(const std::vector<EventTable>& tables,
                                                                 const std::vector<MinedLog>& mined,
                                                                 const RankOptions& rank, uint32_t threads = 1);
  TrialIndex(const TrialIndex&) = delete;
  TrialIndex& operator=(const TrialIndex&) = delete;

  const Recommender& recommender() const { return *recommender_; }
  uint64_t lists() const { return lists_; }
  // By market, as the tables.
  const std::vector<std::shared_ptr<const RankTables>>& rank_tables() const { return rank_tables_; }

 private:
  TrialIndex() = default;

  std::vector<std::shared_ptr<const RankTables>> rank_tables_;
  std::unique_ptr<const Recommender> recommender_;
  uint64_t lists_ = 0;
};

}  // namespace kindred
