#include "index/evaluate/evaluator.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/evaluate/baselines.h"
#include "index/evaluate/context_quality.h"
#include "index/evaluate/floor_costs.h"
#include "index/evaluate/held_out.h"
#include "index/evaluate/quality_collector.h"
#include "index/evaluate/replay.h"
#include "index/evaluate/trial_index.h"
#include "index/evaluate/weight_fit.h"
#include "index/text/word_segmenter.h"

namespace kindred {
namespace {

std::vector<NormalizedView> SourcesOf(absl::Span<const HeldOutPair> pairs) {
  std::vector<NormalizedView> sources;
  for (const HeldOutPair& pair : pairs) sources.push_back(pair.source);
  return sources;
}

std::string IsoDate(absl::Time time) { return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone()); }

// One cut: where an index learns and where it is asked.
struct Halves {
  TimeWindow train, test;
};

class CutEvaluator {
 public:
  CutEvaluator(const EvaluateOptions& options, std::unique_ptr<WordSegmenter> segmenter)
      : options_(options), collector_(std::move(segmenter), options.baselines) {}

  absl::Status Run(const std::vector<EventTable>& markets, const Halves& halves, EvaluationReport::Cut cut) {
    ASSIGN_OR_RETURN(const std::vector<std::vector<HeldOutPair>> held_out, HoldOut(markets, halves, cut));
    Tell(1);
    ASSIGN_OR_RETURN(std::vector<MinedLog> mined, MineAll(markets, halves.train, cut));
    Tell(2);
    const std::vector<Baselines> baselines = AskBaselines(markets, held_out, mined);
    Tell(3);
    const FitOptions fit{.mine = options_.mine, .rank = options_.rank, .until_ms = halves.train.to_ms};
    RankOptions rank = options_.rank;
    rank.min_users = cut.min_users;
    if (options_.refit_weights) {
      // A large log's cut is a fold of the cuts after it, and mined already.
      if (folds_.ends.empty() || !fit.IsLarge(markets)) {
        ASSIGN_OR_RETURN(folds_, MakeFolds(markets, fit));
      }
      const FittedWeights weights = FitToFolds(folds_, fit);
      rank.weights = weights.weights();
      cut.weights_learned = weights.taken;
    }
    const uint32_t threads = options_.mine.threads;
    ASSIGN_OR_RETURN(const auto index, TrialIndex::Build(markets, mined, rank, threads));
    Tell(4);
    cut.index.push_back({"lists", index->lists()});
    collector_.StartCut();
    // The first cuts suffice, each market with its share of the pairs.
    const uint64_t measured = floors_.empty() ? 0 : floors_.front().metrics.trials();
    const uint64_t wanted = options_.measure_floors && measured < kMaxFloorPairs ? kMaxFloorPairs - measured : 0;
    for (size_t i = 0; i < mined.size(); ++i) {
      ASSIGN_OR_RETURN(const Replay replay,
                       ReplayPairs(index->recommender(), markets[i].market, held_out[i], kEvaluatedListSize, threads));
      const Baselines* const of_market = baselines.empty() ? nullptr : &baselines[i];
      collector_.Add({markets[i], mined[i], held_out[i], replay, of_market, threads}, cut);
      const size_t share = (wanted * held_out[i].size() + cut.asked_pairs - 1) / cut.asked_pairs;
      RETURN_IF_ERROR(AddFloorCosts(markets[i], mined[i], held_out[i], rank, share, floors_));
      if (!options_.measure_context) continue;
      const size_t of_cut = std::max<size_t>(1, kMaxContextTrials / options_.cuts.size());
      const size_t trials = (of_cut * held_out[i].size() + cut.asked_pairs - 1) / cut.asked_pairs;
      RETURN_IF_ERROR(AddContextQuality(markets[i], options_.mine.history, halves.test, index->recommender(), trials,
                                        threads, context_));
    }
    Tell(kSteps);
    cuts_.push_back(std::move(cut));
    if (!options_.refit_weights || cuts_.size() == options_.cuts.size() || !fit.IsLarge(markets)) {
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(std::vector<ChoiceGroup> choices, ChoicesOf(index->rank_tables(), halves.test, fit));
    folds_.Add(std::move(choices));
    folds_.KeepLast(kFoldsOfLargeLog);
    return absl::OkStatus();
  }

  EvaluationReport Finish() {
    EvaluationReport report;
    collector_.Finish(report);
    report.cuts = std::move(cuts_);
    std::stable_sort(floors_.begin(), floors_.end(), [](const FloorCost& x, const FloorCost& y) {
      return x.flag != y.flag ? x.flag > y.flag : x.value < y.value;  // min_users first.
    });
    report.floors = std::move(floors_);
    report.context = std::move(context_);
    return report;
  }

 private:
  absl::StatusOr<std::vector<std::vector<HeldOutPair>>> HoldOut(const std::vector<EventTable>& markets,
                                                                const Halves& halves, EvaluationReport::Cut& cut) {
    std::vector<std::vector<HeldOutIds>> ids;
    for (const EventTable& table : markets) {
      cut.train_rows += table.EventsBefore(halves.train.to_ms);
      ASSIGN_OR_RETURN(std::vector<HeldOutIds> of_market,
                       FindHeldOut(table, options_.mine.history, {.window = halves.test}, options_.mine.threads));
      ids.push_back(std::move(of_market));
      cut.pairs += ids.back().size();
    }
    if (cut.train_rows == 0) return absl::NotFoundError(absl::StrCat("the log has no rows before the cut ", cut.from));
    if (cut.pairs == 0) {
      return absl::NotFoundError(
          absl::StrCat("nobody searched two things in one session from ", cut.from, " to ", cut.to));
    }
    Thin(ids, std::max<size_t>(1, options_.max_pairs / options_.cuts.size()));
    std::vector<std::vector<HeldOutPair>> held_out;
    for (size_t i = 0; i < markets.size(); ++i) {
      held_out.push_back(PairsOf(markets[i], ids[i]));
      cut.asked_pairs += ids[i].size();
    }
    return held_out;
  }

  absl::StatusOr<std::vector<MinedLog>> MineAll(const std::vector<EventTable>& markets, const TimeWindow& train,
                                                EvaluationReport::Cut& cut) {
    MineOptions mine = options_.mine;
    if (options_.baselines || options_.measure_floors) mine.min_pair_users = 1;  // They count every pair.
    std::vector<MinedLog> mined;
    MineReport sum;
    uint64_t queries = 0;
    for (const EventTable& table : markets) {
      ASSIGN_OR_RETURN(MinedLog market, Mine(table, mine, train));
      const MineReport& report = mined.emplace_back(std::move(market)).report;
      sum.searches += report.searches;
      sum.users += report.users;
      sum.sessions += report.sessions;
      sum.clicks += report.clicks;
      sum.pairs.pairs += report.pairs.pairs;
      queries += static_cast<uint64_t>(std::count_if(mined.back().counts.begin(), mined.back().counts.end(),
                                                     [](const QueryCounts& counts) { return counts.searches > 0; }));
    }
    cut.min_users = options_.rank.min_users == 0 ? AutoMinUsers(sum.searches) : options_.rank.min_users;
    cut.index = {{"searches", sum.searches}, {"users", sum.users},   {"sessions", sum.sessions},
                 {"queries", queries},       {"clicks", sum.clicks}, {"pairs of queries", sum.pairs.pairs}};
    return mined;
  }

  // By market; none where nobody wants them. Leaves of the pairs those that are still asked for.
  std::vector<Baselines> AskBaselines(const std::vector<EventTable>& markets,
                                      const std::vector<std::vector<HeldOutPair>>& held_out,
                                      std::vector<MinedLog>& mined) const {
    std::vector<Baselines> baselines;
    for (size_t i = 0; i < mined.size() && options_.baselines; ++i) {
      const std::vector<NormalizedView> sources = SourcesOf(held_out[i]);
      baselines.emplace_back(markets[i], mined[i], sources, kEvaluatedListSize, options_.mine.threads);
    }
    if (!options_.baselines || options_.measure_floors) return baselines;
    // Most pairs are of one person, and the index is to be made beside the rest.
    for (MinedLog& market : mined) {
      const auto is_kept = [&](const PairCounts& pair) { return pair.users >= options_.rank.min_pair_users; };
      size_t kept = 0;
      ForEachInBudget(market.pairs, [&](const PairCounts& pair) { kept += is_kept(pair); });
      LargeSpillVector<PairCounts> pairs(market.pairs.get_allocator());
      pairs.reserve(kept);
      ForEachInBudget(market.pairs, [&](const PairCounts& pair) {
        if (is_kept(pair)) pairs.push_back(pair);
      });
      market.pairs = std::move(pairs);
    }
    return baselines;
  }

  void Tell(int steps) const {
    if (!options_.progress) return;
    options_.progress((static_cast<double>(cuts_.size()) + static_cast<double>(steps) / kSteps) /
                      static_cast<double>(options_.cuts.size()));
  }

  static constexpr int kSteps = 5;  // Of a cut.

  const EvaluateOptions& options_;
  QualityCollector collector_;
  std::vector<EvaluationReport::Cut> cuts_;
  std::vector<FloorCost> floors_;
  std::vector<ContextQuality> context_;
  Folds folds_;
};

}  // namespace

absl::Time TimeQuantile(const std::vector<EventTable>& markets, double share) {
  std::map<uint32_t, uint64_t> minutes;
  uint64_t events = 0;
  int64_t last_ms = 0;
  for (const EventTable& table : markets) {
    for (const auto& [minute, count] : table.minutes()) minutes[minute] += count;
    events += table.events();
    last_ms = std::max(last_ms, table.last_ms());
  }
  if (share >= 1) return absl::FromUnixMillis(last_ms);
  const auto wanted = static_cast<uint64_t>(share * static_cast<double>(events));
  uint64_t before = 0;
  for (const auto& [minute, count] : minutes) {
    before += count;
    if (before > wanted) return absl::FromUnixMillis(minute * kMinuteMs);
  }
  return absl::FromUnixMillis(last_ms);
}

std::vector<absl::Time> RollingCuts(const std::vector<EventTable>& markets, uint32_t count) {
  constexpr double kMostHeldOut = .4;
  const double held_out = std::min(kMostHeldOut, (1 - kDefaultTrainingShare) * count);
  const absl::Time first = TimeQuantile(markets, 1 - held_out), end = TimeQuantile(markets, 1);
  std::vector<absl::Time> cuts;
  for (uint32_t i = 0; i < count; ++i) cuts.push_back(first + (end - first) * i / count);
  return cuts;
}

absl::StatusOr<EvaluationReport> Evaluate(const std::vector<EventTable>& markets, const EvaluateOptions& options) {
  if (options.cuts.empty()) return absl::InvalidArgumentError("no cut to evaluate at");
  if (!std::is_sorted(options.cuts.begin(), options.cuts.end())) {
    return absl::InvalidArgumentError("the cuts are not in ascending order");
  }
  ASSIGN_OR_RETURN(std::unique_ptr<WordSegmenter> segmenter, WordSegmenter::Create());
  CutEvaluator evaluator(options, std::move(segmenter));
  const absl::Time log_end = TimeQuantile(markets, 1) + absl::Milliseconds(1);
  for (size_t i = 0; i < options.cuts.size(); ++i) {
    const bool last = i + 1 == options.cuts.size();
    const absl::Time end = last ? log_end : options.cuts[i + 1];
    const int64_t cut_ms = absl::ToUnixMillis(options.cuts[i]);
    RETURN_IF_ERROR(evaluator.Run(markets, {{INT64_MIN, cut_ms}, {cut_ms, absl::ToUnixMillis(end)}},
                                  {.from = IsoDate(options.cuts[i]), .to = IsoDate(end)}));
  }
  return evaluator.Finish();
}

}  // namespace kindred
