// Held-out pairs that a version keeps, so that the next build can be asked the same ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_options.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

// Most distinct pairs that a version keeps, so that its info stays a small file.
inline constexpr size_t kMaxTrials = 2000;

// How the index of a measurement is built.
struct TrialOptions {
  MineOptions mine;
  RankOptions rank;  // min_users of 0: AutoMinUsers() of the rows that it is built from.
};

// Builds an index of the rows before `cut_ms` and asks it the distinct pairs of the shoppers who come after it for the
// first time: of one who came before, the index has learnt, and the index of another sample of shoppers has not. Only
// pairs whose queries were both searched by min_users people before the cut: a version keeps nothing that it could not
// show. Of too many,
// those of the least hash: neither the log's order nor chance picks them. No trials: there was no such pair, or no row.
//   Errors of Mine(), RankTables::Create() and Recommender.
absl::StatusOr<index::v1::HeldOut> HoldOut(const std::vector<EventTable>& markets, int64_t cut_ms,
                                           const TrialOptions& options);

struct AskedAgain {
  index::v1::HeldOut answers;
  // By trial: whether its queries were both searched by min_users people before `until_ms`, as they were where the
  // trials were held out. Only then has the index had the same chance to learn them.
  std::vector<bool> known;
};

// Asks an index of the rows before `until_ms` the trials of `asked`; they come back in the same order.
//   Errors as above.
absl::StatusOr<AskedAgain> AskAgain(const index::v1::HeldOut& asked, const std::vector<EventTable>& markets,
                                    int64_t until_ms, const TrialOptions& options);

}  // namespace kindred
