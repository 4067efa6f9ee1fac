// An index that is built only to be asked: of one part of a log, to measure by what the other part holds.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "index/lookup/recommender.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_all.h"
#include "index/rank/rank_options.h"

namespace kindred {

// Const use is thread-safe. Owns its folder, which goes when it goes, also when building fails.
class TrialIndex {
 public:
  // Ranks each table with the mined log at the same place, in a new folder whose parent exists. REQUIRES:
  // rank.min_users >= 1.
  //   Errors of RankAll(), IndexWriter and IndexReader.
  static absl::StatusOr<std::unique_ptr<const TrialIndex>> Build(const std::vector<EventTable>& tables,
                                                                 const std::vector<MinedLog>& mined,
                                                                 const RankOptions& rank, std::string folder,
                                                                 uint32_t threads = 1);
  ~TrialIndex();
  TrialIndex(const TrialIndex&) = delete;
  TrialIndex& operator=(const TrialIndex&) = delete;

  const Recommender& recommender() const { return *recommender_; }
  uint64_t lists() const { return lists_; }
  uint64_t keywords() const { return keywords_; }  // In all lists.

 private:
  explicit TrialIndex(std::string folder);

  const std::string folder_;
  std::unique_ptr<const Recommender> recommender_;
  uint64_t lists_ = 0, keywords_ = 0;
};

}  // namespace kindred
