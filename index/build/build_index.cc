#include "index/build/build_index.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/status_macros.h"
#include "index/build/gate.h"
#include "index/build/held_out_trials.h"
#include "index/build/measurements.h"
#include "index/build/version_parts.h"
#include "index/store/index_root.h"
#include "index/store/index_writer.h"

namespace kindred {
namespace {

bool WereFittedLately(const std::optional<index::v1::IndexInfo>& active, absl::Time now, absl::Duration limit) {
  if (!active.has_value() || active->weights_fitted_ms() == 0 || active->weights_size() != kSignalCount) return false;
  const absl::Duration age = now - absl::FromUnixMillis(active->weights_fitted_ms());
  return age >= absl::ZeroDuration() && age < limit;
}

// From the rows that an index is measured without, so that it is measured with weights that have not seen the rest.
absl::StatusOr<FittedWeights> LearnWeights(const LoadedLog& log, const BuildOptions& options, Progress& progress) {
  progress.Stage("weights");
  const int64_t cut_ms = absl::ToUnixMillis(TimeQuantile(log.markets, kDefaultTrainingShare));
  ASSIGN_OR_RETURN(
      FittedWeights weights,
      FitWeights(log.markets,
                 {.mine = options.mine, .rank = options.rank, .until_ms = cut_ms, .progress = [&](double share) {
                    progress.Update(share);
                  }}));
  progress.Done(weights.taken ? "learned" : "constants");
  return weights;
}

// Too thin a log to hold anything out is not an error: nullopt.
absl::StatusOr<std::optional<EvaluationReport>> Measure(const LoadedLog& log, const BuildOptions& options,
                                                        Progress& progress) {
  progress.Stage("measure");
  EvaluateOptions evaluate;
  evaluate.mine = options.mine;
  evaluate.rank = options.rank;
  evaluate.baselines = options.baselines;
  evaluate.cuts = {TimeQuantile(log.markets, kDefaultTrainingShare)};
  evaluate.progress = [&](double share) { progress.Update(share); };
  absl::StatusOr<EvaluationReport> report = Evaluate(log.markets, evaluate);
  if (absl::IsNotFound(report.status())) {
    progress.Done(absl::StrCat("skipped: ", report.status().message()));
    return std::nullopt;
  }
  RETURN_IF_ERROR(report.status());
  const RankingMetrics& metrics = report->methods.front().all;
  progress.Done(absl::StrFormat("hit@10 %.3f on %d held-out pairs", metrics.HitAt(10).value, metrics.trials()));
  return *std::move(report);
}

// Holds out what the next build is asked, and asks what the active version held out. nullopt: it kept nothing.
absl::StatusOr<std::optional<AskedBoth>> AskHeldOut(const LoadedLog& log, const BuildOptions& options,
                                                    const std::optional<index::v1::IndexInfo>& active,
                                                    index::v1::IndexInfo& info, Progress& progress) {
  if (!options.measure) return std::nullopt;
  progress.Stage("compare");
  const TrialOptions trial{options.mine, options.rank};
  const int64_t cut_ms = GateCutMs(log, active.has_value() ? &*active : nullptr);
  ASSIGN_OR_RETURN(std::unique_ptr<const IndexBefore> index, IndexBefore::Build(log.markets, cut_ms, trial));
  ASSIGN_OR_RETURN(*info.mutable_held_out(), index->HoldOut());
  std::optional<AskedBoth> asked;
  if (active.has_value() && active->held_out().trials_size() > 0) {
    ASSIGN_OR_RETURN(asked, AskBoth(*active, log, trial, std::move(index)));
  }
  progress.Done(absl::StrCat(info.held_out().trials_size(), " pairs kept, ",
                             asked.has_value() ? asked->before.trials_size() : 0, " asked again"));
  return asked;
}

struct Mined {
  std::vector<MinedLog> markets;
  uint64_t searches = 0;
  uint64_t pairs = 0;
};

// Of all markets' work, the share that is done when `share` of the market that begins behind `before` is.
double ShareOfAll(uint64_t before, uint64_t of_market, double share, uint64_t all) {
  return (static_cast<double>(before) + share * static_cast<double>(of_market)) / static_cast<double>(all);
}

absl::StatusOr<Mined> MineMarkets(LoadedLog& log, const MineOptions& options, Progress& progress) {
  progress.Stage("mine");
  Mined mined;
  uint64_t all = 0, before = 0;
  for (const EventTable& table : log.markets) all += table.events();
  for (EventTable& table : log.markets) {
    const auto tell = [&](double share) {
      progress.Update(ShareOfAll(before, table.events(), share, all), all, "events");
    };
    ASSIGN_OR_RETURN(MinedLog of_market, MineAndForget(table, options, tell));
    before += table.events();
    const MinedLog& market = mined.markets.emplace_back(std::move(of_market));
    mined.searches += market.report.searches;
    mined.pairs += market.pairs.size();
  }
  progress.Done(absl::StrCat(mined.searches, " searches, ", mined.pairs, " pairs"));
  return mined;
}

// Leaves of each market's log what RankAll() does.
absl::StatusOr<std::vector<RankedCounts>> RankMarkets(const LoadedLog& log, Mined& mined, const RankOptions& options,
                                                      uint32_t threads, IndexWriter& writer, Progress& progress) {
  progress.Stage("rank");
  std::vector<RankedCounts> ranked;
  uint64_t lists = 0, all = 0, before = 0;
  for (const EventTable& table : log.markets) all += table.queries.size();
  for (size_t i = 0; i < mined.markets.size(); ++i) {
    const size_t queries = log.markets[i].queries.size();
    const auto tell = [&](uint64_t done, uint64_t of) {
      const double share = static_cast<double>(done) / static_cast<double>(of);
      progress.Update(ShareOfAll(before, queries, share, all), all, "queries");
    };
    ASSIGN_OR_RETURN(const RankedCounts counts,
                     RankAll(log.markets[i], std::move(mined.markets[i]), options, writer, tell, threads));
    before += queries;
    lists += counts.lists;
    ranked.push_back(counts);
  }
  progress.Done(absl::StrCat(lists, " lists"));
  return ranked;
}

absl::StatusOr<BuildResult> BuildVersion(const BuildOptions& wanted, Progress& progress) {
  BuildOptions options = wanted;
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexRootWriter> root, IndexRootWriter::Open(options.index_dir));
  ASSIGN_OR_RETURN(const IndexVersion version, root->NextVersion());
  ASSIGN_OR_RETURN(LoadedLog log, LoadLog(options.log, options.resources, progress));

  BuildResult result;
  index::v1::IndexInfo info;
  const std::optional<index::v1::IndexInfo> active = ActiveInfo(root->root());
  if (options.refit_weights && WereFittedLately(active, start, options.max_weights_age)) {
    std::copy(active->weights().begin(), active->weights().end(), options.rank.weights.begin());
    info.set_weights_fitted_ms(active->weights_fitted_ms());
  } else if (options.refit_weights) {
    ASSIGN_OR_RETURN(result.weights, LearnWeights(log, options, progress));
    options.rank.weights = result.weights->weights();
    // A log that is too thin may not be so for long.
    if (result.weights->test_sources >= kMinTestSources) info.set_weights_fitted_ms(absl::ToUnixMillis(start));
  }
  if (options.measure) {
    ASSIGN_OR_RETURN(result.quality, Measure(log, options, progress));
  }
  ASSIGN_OR_RETURN(const std::optional<AskedBoth> asked, AskHeldOut(log, options, active, info, progress));
  ASSIGN_OR_RETURN(Mined mined, MineMarkets(log, options.mine, progress));
  result.memory_budget_bytes = options.resources.memory_budget_bytes;
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
  for (const MinedLog& market : mined.markets) result.mined.push_back(market.report);
  RankOptions rank = options.rank;
  if (rank.min_users == 0) rank.min_users = AutoMinUsers(mined.searches);
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer, IndexWriter::Create(root->BuildPath(version)));
  ASSIGN_OR_RETURN(result.ranked, RankMarkets(log, mined, rank, options.resources.threads, *writer, progress));
  RETURN_IF_ERROR(CheckHasLists(result, options.mine));
  result.spilled_bytes = log.markets.front().pool()->bytes_written();  // All share one.

  VersionParts parts{.options = options,
                     .rank = rank,
                     .log = log,
                     .start = start,
                     .active = active,
                     .asked = asked,
                     .info = std::move(info)};
  RETURN_IF_ERROR(FinishVersion(std::move(parts), version, *root, *writer, result, progress));
  return result;
}

}  // namespace

absl::StatusOr<BuildResult> BuildIndex(const BuildOptions& options, Progress& progress) {
  // Before a folder is made for the index of a log whose name was mistyped.
  for (const std::string& input : options.log.inputs) {
    if (input == "-" || ::access(input.c_str(), R_OK) == 0) continue;
    return absl::ErrnoToStatus(errno, absl::StrCat(input, ": cannot open the log"));
  }
  absl::StatusOr<BuildResult> result = BuildVersion(options, progress);
  if (!result.ok()) return WithRemedy(result.status(), options.index_dir);
  return result;
}

}  // namespace kindred
