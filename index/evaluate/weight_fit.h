// Weights of the ranking learned from a log: conditional logit on time folds, taken only where they win on sessions
// that they were not learned from.
//
// The log's rows are cut at their time quantiles .3, .4, ... .9: what came before each cut is mined and ranked from,
// the tenth after it says what shoppers searched next. Each later query of the same session counts 1, the first one of
// the same shopper's next session .3. Whether the new weights win is asked of the later half of the folds, each with
// weights learned from the folds before it only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/evaluate/conditional_logit.h"
#include "index/evaluate/ranking_metrics.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_options.h"
#include "index/rank/rank_tables.h"
#include "index/store/related_list.h"

namespace kindred {

// How many folds a log of more than FitOptions::max_rows_of_all_folds uses: the last ones.
inline constexpr int kFoldsOfLargeLog = 2;

struct FitOptions {
  MineOptions mine;
  RankOptions rank;  // min_users of 0: AutoMinUsers() of each fold. Its weights are what the new ones must beat.
  int64_t until_ms = INT64_MAX;  // Later events are not looked at.
  double l2 = 1;                 // On standardised signals.
  // Sources of a fold, those of the lowest fingerprints: bounds time and memory (400 candidates of some 25 bytes each).
  uint32_t max_fold_sources = 1000;
  // Logs of more rows than this use the last two folds only, each of twice as many sources, so that fitting costs two
  // minings and not four: a tenth of such a log holds sources enough.
  uint64_t max_rows_of_all_folds = 200'000;
  // Where set, told after each step which share of them is done, 0 to 1.
  std::function<void(double)> progress = nullptr;

  // Whether there are more, before until_ms.
  bool IsLarge(const std::vector<EventTable>& markets) const;
};

// Choices of one fold after another.
struct Folds {
  std::vector<ChoiceGroup> groups;
  std::vector<size_t> ends;  // In groups, of each fold.

  void Add(std::vector<ChoiceGroup> fold);
  void KeepLast(size_t count);
};

// Fewer tell nothing: the standard error of so few is itself a guess.
inline constexpr uint64_t kMinTestSources = 50;

struct FittedWeights {
  Signals before{}, fitted{};  // A weight against the sign of its default is 0 instead.
  // MRR@10 over all targets of the test folds that are candidates, fitted minus before, with a standard error that
  // takes targets of one source for one observation. MRR and not hit@10: it moves with every change of place, so that
  // its gain stands out from noise in a smaller log.
  Figure gain;
  uint64_t sources = 0;       // Learned from.
  uint64_t test_sources = 0;  // Of the gain.
  bool taken = false;         // The gain is above its standard error, of kMinTestSources or more.

  const Signals& weights() const { return taken ? fitted : before; }
};

// The choices of one more fold, of what was searched in `window` by what the tables, of events before it, know.
//   Errors of CollectFromUsers().
absl::StatusOr<std::vector<ChoiceGroup>> ChoicesOf(const std::vector<std::shared_ptr<const RankTables>>& markets,
                                                   const TimeWindow& window, const FitOptions& options);

//   Internal: as RankTables::Create().
absl::StatusOr<Folds> MakeFolds(const std::vector<EventTable>& markets, const FitOptions& options);

// Weights from folds that are ascending in time.
FittedWeights FitToFolds(const Folds& folds, const FitOptions& options);

// Both in one. Deterministic: neither the order of the log nor a hash of the process counts. A log too thin to learn
// from keeps its weights, with 0 sources.
//   Internal: as RankTables::Create().
absl::StatusOr<FittedWeights> FitWeights(const std::vector<EventTable>& markets, const FitOptions& options);

// One paragraph for the build's report.
std::string FormatWeights(const FittedWeights& weights);

// What --weights says: "default" (kDefaultWeights), "auto" (refit) or kSignalCount numbers in the order of Signal.
struct WeightChoice {
  Signals weights = kDefaultWeights;
  bool refit = false;
};
//   InvalidArgument: anything else; says what is wanted.
absl::StatusOr<WeightChoice> ParseWeights(absl::string_view text);

}  // namespace kindred
