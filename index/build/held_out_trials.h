// Held-out pairs that a version keeps, so that the next build can be asked the same ones.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/evaluate/held_out.h"
#include "index/evaluate/trial_index.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_options.h"
#include "index/text/normalized_query.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

// Most distinct pairs that a version keeps, so that its info stays a small file.
inline constexpr size_t kMaxTrials = 2000;

// How the index of a measurement is built.
struct TrialOptions {
  MineOptions mine;
  RankOptions rank;  // min_users of 0: AutoMinUsers() of the rows that it is built from.
};

struct AskedAgain {
  index::v1::HeldOut answers;
  // By trial: whether its queries were both searched by min_users people before the index's cut, as they were where the
  // trials were held out. Only then has the index had the same chance to learn them.
  std::vector<bool> known;
};

// An index of the rows before a cut, and what it was built from. Immutable; const use is thread-safe.
class IndexBefore {
 public:
  // The markets must outlive it.  Errors of Mine() and RankTables::Create().
  static absl::StatusOr<std::unique_ptr<const IndexBefore>> Build(const std::vector<EventTable>& markets,
                                                                  int64_t cut_ms, const TrialOptions& options);
  IndexBefore(const IndexBefore&) = delete;
  IndexBefore& operator=(const IndexBefore&) = delete;

  int64_t cut_ms() const { return cut_ms_; }
  // Asks it the distinct pairs of the shoppers who come after the cut for the first time: of one who came before, it
  // has learnt, and the index of another sample of shoppers has not. Only pairs whose queries were both searched by
  // min_users people before the cut: a version keeps nothing that it could not show. Of too many, those of the least
  // hash: neither the log's order nor chance picks them. No trials: there was no such pair, or no row.
  //   Errors of FindHeldOut() and Recommender.
  absl::StatusOr<index::v1::HeldOut> HoldOut() const;
  // Asks it the trials of `asked`; they come back in the same order.
  //   Errors of NormalizeQuery() and Recommender.
  absl::StatusOr<AskedAgain> AskAgain(const index::v1::HeldOut& asked) const;

 private:
  IndexBefore(const std::vector<EventTable>& markets, int64_t cut_ms, const MineOptions& mine)
      : markets_(markets), cut_ms_(cut_ms), mine_(mine) {}

  // Whether a query of the market at a place was searched by enough people to be shown.
  bool IsCommon(size_t market, QueryId query) const { return mined_[market].counts[query].users >= min_users_; }
  // Of no market, or of one that is unknown, none is.
  bool IsCommon(absl::string_view market, const NormalizedQuery& query) const;
  absl::StatusOr<std::vector<std::vector<HeldOutPair>>> ChoosePairs() const;
  // Asks one market's pairs and appends a trial for each.
  absl::Status Ask(const std::string& market, const std::vector<HeldOutPair>& pairs, index::v1::HeldOut& out) const;

  const std::vector<EventTable>& markets_;
  const int64_t cut_ms_;
  const MineOptions mine_;
  std::vector<MinedLog> mined_;
  uint32_t min_users_ = 0;
  std::unique_ptr<const TrialIndex> index_;
};

}  // namespace kindred
