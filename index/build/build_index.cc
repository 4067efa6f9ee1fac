#include "index/build/build_index.h"

#include <malloc.h>
#include <sys/resource.h>

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/status_macros.h"
#include "common/version.h"
#include "index/build/build_report.h"
#include "index/build/gate.h"
#include "index/build/held_out_trials.h"
#include "index/build/measurements.h"
#include "index/store/index_info_file.h"
#include "index/store/index_root.h"
#include "index/store/index_writer.h"

namespace kindred {
namespace {

constexpr const char* kFormatNames[] = {"auto", "tsv", "csv", "ndjson", "ubi"};  // By LogFormat.

uint64_t PeakMemoryBytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

void RecordLog(const LoadedLog& log, const std::vector<MineReport>& mined, index::v1::IndexInfo& info) {
  index::v1::LogCounts& counts = *info.mutable_log();
  counts.set_rows(log.rows.rows);
  counts.set_events(log.rows.events);
  for (const auto& [reason, bad] : log.rows.bad) (*counts.mutable_bad_rows())[reason] = bad.rows;
  for (const auto& [reason, skipped] : log.rows.skipped) (*counts.mutable_dropped())[reason] = skipped.rows;
  for (const auto& [reason, events] : log.dropped) (*counts.mutable_dropped())[reason] += events;
  uint64_t robots = 0, half_typed = 0;
  for (const MineReport& report : mined) {
    robots += report.robot_events;
    half_typed += report.half_typed;
  }
  if (robots > 0) (*counts.mutable_dropped())["robot"] = robots;
  if (half_typed > 0) (*counts.mutable_dropped())["half-typed"] = half_typed;
  counts.set_first_event_ms(log.first_event_ms);
  counts.set_last_event_ms(log.last_event_ms);
}

void RecordMarkets(const LoadedLog& log, const std::vector<MineReport>& mined, index::v1::IndexInfo& info) {
  uint64_t most = 0;
  for (size_t i = 0; i < log.markets.size(); ++i) {
    index::v1::MarketInfo& market = *info.add_markets();
    market.set_name(log.markets[i].market);
    market.set_searches(mined[i].searches);
    market.set_users(mined[i].users);
    market.set_sessions(mined[i].sessions);
    market.set_queries(log.markets[i].queries.size());
    if (mined[i].searches > most) {
      most = mined[i].searches;
      info.set_default_market(market.name());
    }
  }
}

void RecordParameters(const BuildOptions& options, const RankOptions& rank, index::v1::IndexInfo& info) {
  auto& parameters = *info.mutable_parameters();
  parameters["format"] = kFormatNames[static_cast<size_t>(options.log.format)];
  std::vector<std::string> columns;
  for (const auto& [role, column] : options.log.columns) columns.push_back(absl::StrCat(role, "=", column));
  parameters["columns"] = absl::StrJoin(columns, ",");
  parameters["max_bad_rows"] = absl::StrCat(options.log.max_bad_rows);
  parameters["session_gap"] = absl::FormatDuration(options.mine.history.session_gap);
  parameters["half_typed_window"] = absl::FormatDuration(options.mine.history.half_typed_window);
  if (options.log.not_before.has_value()) {
    parameters["not_before"] = absl::FormatTime(*options.log.not_before, absl::UTCTimeZone());
  }
  parameters["max_user_queries_per_day"] = absl::StrCat(options.mine.history.max_user_queries_per_day);
  parameters["min_pair_users"] = absl::StrCat(options.mine.min_pair_users);
  parameters["min_users"] = absl::StrCat(rank.min_users);
  parameters["popular_fill"] = absl::StrCat(rank.popular_fill);
  parameters["drop_respellings"] = rank.drop_respellings ? "true" : "false";
  for (const float weight : rank.weights) info.add_weights(weight);
  for (const std::string& input : options.log.inputs) info.add_inputs(input);
}

void RecordQuality(const EvaluationReport& report, index::v1::IndexInfo& info) {
  const RankingMetrics& metrics = report.methods.front().all;
  *info.add_quality() = QualityFigureOf("hit@10", metrics.HitAt(10));
  *info.add_quality() = QualityFigureOf("mrr@10", metrics.MrrAt(10));
  *info.add_quality() = QualityFigureOf("ndcg@10", metrics.NdcgAt(10));
  *info.add_quality() = QualityFigureOf("coverage", metrics.Coverage());
  *info.add_quality() = QualityFigureOf("unseen_answered", report.methods.front().unseen.Coverage());
}

// From the rows that an index is measured without, so that it is measured with weights that have not seen the rest.
absl::StatusOr<FittedWeights> LearnWeights(const LoadedLog& log, const BuildOptions& options, Progress& progress) {
  progress.Stage("weights");
  const int64_t cut_ms = absl::ToUnixMillis(TimeQuantile(log.markets, kDefaultTrainingShare));
  ASSIGN_OR_RETURN(FittedWeights weights,
                   FitWeights(log.markets, {.mine = options.mine, .rank = options.rank, .until_ms = cut_ms}));
  progress.Done(weights.taken ? "learned" : "constants");
  return weights;
}

// Too thin a log to hold anything out is not an error: nullopt.
absl::StatusOr<std::optional<EvaluationReport>> Measure(const LoadedLog& log, const BuildOptions& options,
                                                        const std::string& temp_dir, Progress& progress) {
  progress.Stage("measure");
  std::error_code error;
  std::filesystem::create_directory(temp_dir, error);
  EvaluateOptions evaluate;
  evaluate.mine = options.mine;
  evaluate.rank = options.rank;
  evaluate.cuts = {TimeQuantile(log.markets, kDefaultTrainingShare)};
  evaluate.temp_dir = temp_dir;
  absl::StatusOr<EvaluationReport> report = Evaluate(log.markets, evaluate);
  std::filesystem::remove_all(temp_dir, error);
  if (absl::IsNotFound(report.status())) {
    progress.Done(absl::StrCat("skipped: ", report.status().message()));
    return std::nullopt;
  }
  RETURN_IF_ERROR(report.status());
  const RankingMetrics& metrics = report->methods.front().all;
  progress.Done(absl::StrFormat("hit@10 %.3f on %d held-out pairs", metrics.HitAt(10).value, metrics.trials()));
  return *std::move(report);
}

// The version that is active, as it tells of itself. One that cannot be read is for the server and verify to tell of.
std::optional<index::v1::IndexInfo> ActiveInfo(const IndexRoot& root) {
  const auto active = root.Active();
  if (!active.ok() || !active->has_value()) return std::nullopt;
  auto info = ReadIndexInfo(root.VersionPath(**active));
  if (!info.ok()) return std::nullopt;
  return *std::move(info);
}

// Holds out what the next build is asked, and asks what the active version held out. nullopt: it kept nothing.
absl::StatusOr<std::optional<AskedBoth>> AskHeldOut(const LoadedLog& log, const BuildOptions& options,
                                                    const std::optional<index::v1::IndexInfo>& active,
                                                    const std::string& folder, index::v1::IndexInfo& info,
                                                    Progress& progress) {
  if (!options.measure) return std::nullopt;
  progress.Stage("compare");
  const TrialOptions trial{options.mine, options.rank, folder};
  const int64_t cut_ms = absl::ToUnixMillis(TimeQuantile(log.markets, kGateTrainingShare));
  ASSIGN_OR_RETURN(*info.mutable_held_out(), HoldOut(log.markets, cut_ms, trial));
  std::optional<AskedBoth> asked;
  if (active.has_value() && active->held_out().trials_size() > 0) {
    ASSIGN_OR_RETURN(asked, AskBoth(*active, log, trial));
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

absl::StatusOr<Mined> MineMarkets(const LoadedLog& log, const MineOptions& options, Progress& progress) {
  progress.Stage("mine");
  Mined mined;
  for (const EventTable& table : log.markets) {
    ASSIGN_OR_RETURN(MinedLog of_market, Mine(table, options));
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
  uint64_t lists = 0;
  for (size_t i = 0; i < mined.markets.size(); ++i) {
    ASSIGN_OR_RETURN(const RankedCounts counts,
                     RankAll(
                         log.markets[i], std::move(mined.markets[i]), options, writer,
                         [&](uint64_t done, uint64_t all) { progress.Update(done, all, "queries"); }, threads));
    lists += counts.lists;
    ranked.push_back(counts);
  }
  if (lists == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("no query of the log has a related keyword: ", mined.searches, " searches, ", mined.pairs,
                     " pairs of queries that at least ", options.min_pair_users,
                     " people searched; give a longer log, or lower --min_pair_users or --min_users"));
  }
  progress.Done(absl::StrCat(lists, " lists"));
  return ranked;
}

}  // namespace

absl::StatusOr<BuildResult> BuildIndex(const BuildOptions& wanted, Progress& progress) {
  BuildOptions options = wanted;
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexRootWriter> root, IndexRootWriter::Open(options.index_dir));
  ASSIGN_OR_RETURN(const IndexVersion version, root->NextVersion());
  ASSIGN_OR_RETURN(LoadedLog log, LoadLog(options.log, options.resources, progress));

  BuildResult result;
  if (options.refit_weights) {
    ASSIGN_OR_RETURN(result.weights, LearnWeights(log, options, progress));
    options.rank.weights = result.weights->weights();
  }
  if (options.measure) {
    ASSIGN_OR_RETURN(result.quality, Measure(log, options, root->BuildPath(version) + "-measure", progress));
  }
  index::v1::IndexInfo info;
  const std::optional<index::v1::IndexInfo> active = ActiveInfo(root->root());
  ASSIGN_OR_RETURN(const std::optional<AskedBoth> asked,
                   AskHeldOut(log, options, active, root->BuildPath(version) + "-measure", info, progress));
  ASSIGN_OR_RETURN(Mined mined, MineMarkets(log, options.mine, progress));
  for (EventTable& table : log.markets) table.ForgetEvents();
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
  for (const MinedLog& market : mined.markets) result.mined.push_back(market.report);
  RankOptions rank = options.rank;
  if (rank.min_users == 0) rank.min_users = AutoMinUsers(mined.searches);
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer, IndexWriter::Create(root->BuildPath(version)));
  ASSIGN_OR_RETURN(result.ranked, RankMarkets(log, mined, rank, options.resources.threads, *writer, progress));

  progress.Stage("write");
  info.set_version(version);
  info.set_builder(absl::StrCat(kVersion, " (", kCommit, ")"));
  RecordLog(log, result.mined, info);
  RecordMarkets(log, result.mined, info);
  RecordParameters(options, rank, info);
  if (result.quality.has_value()) RecordQuality(*result.quality, info);
  for (size_t i = 0; i < result.ranked.size(); ++i) info.mutable_markets(i)->set_lists(result.ranked[i].lists);
  if (active.has_value()) *info.mutable_comparison() = Compare(*active, info, asked);
  ASSIGN_OR_RETURN(result.info, writer->Finish(std::move(info), [&](index::v1::IndexInfo& done) {
    done.set_built_at_ms(absl::ToUnixMillis(absl::Now()));
    done.set_build_seconds(absl::ToDoubleSeconds(absl::Now() - start));
    done.set_peak_memory_bytes(PeakMemoryBytes());
  }));
  RETURN_IF_ERROR(WriteBuildReport(root->BuildPath(version), result, progress.stages()));
  RETURN_IF_ERROR(root->Complete(version));
  if (options.publish && !options.force && result.info.comparison().objections_size() > 0) {
    result.refusal = FormatRefusal(result.info.comparison(), version, options.index_dir);
  }
  result.published = options.publish && !result.refusal.has_value();
  if (result.published) RETURN_IF_ERROR(root->Publish(version));
  result.rows = log.rows;
  progress.Done(absl::StrCat("version ", version, ", ", result.info.bytes(), " bytes, checksum ",
                             result.info.content_checksum()));
  return result;
}

}  // namespace kindred
