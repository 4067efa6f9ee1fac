#include "index/build/version_parts.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/machine_limits.h"
#include "common/status_macros.h"
#include "common/version.h"
#include "index/build/build_report.h"
#include "index/build/measurements.h"
#include "index/store/index_info_file.h"

namespace kindred {
namespace {

constexpr const char* kFormatNames[] = {"auto", "tsv", "csv", "ndjson", "ubi"};  // By LogFormat.

void RecordLog(const LoadedLog& log, const std::vector<MineReport>& mined, index::v1::IndexInfo& info) {
  index::v1::LogCounts& counts = *info.mutable_log();
  counts.set_rows(log.rows.rows);
  const auto before_window = log.dropped.find(kBeforeWindow);
  counts.set_events(log.rows.events - (before_window == log.dropped.end() ? 0 : before_window->second));
  for (const auto& [reason, bad] : log.rows.bad) (*counts.mutable_bad_rows())[reason] = bad.rows;
  for (const auto& [reason, skipped] : log.rows.skipped) (*counts.mutable_dropped())[reason] = skipped.rows;
  for (const auto& [reason, events] : log.dropped) (*counts.mutable_dropped())[reason] += events;
  uint64_t robots = 0, half_typed = 0;
  for (const MineReport& report : mined) {
    robots += report.robot_events;
    half_typed += report.half_typed;
  }
  if (robots > 0) (*counts.mutable_dropped())["robot"] = robots;
  if (half_typed > 0) (*counts.mutable_dropped())[kHalfTyped] = half_typed;
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
  const RankingMetrics& unseen = report.methods.front().unseen;
  if (unseen.trials() > 0) *info.add_quality() = QualityFigureOf("unseen_answered", unseen.Coverage());
}

}  // namespace

// The version that is active, as it tells of itself. One that cannot be read is for the server and verify to tell of.
std::optional<index::v1::IndexInfo> ActiveInfo(const IndexRoot& root) {
  const auto active = root.Active();
  if (!active.ok() || !active->has_value()) return std::nullopt;
  auto info = ReadIndexInfo(root.VersionPath(**active));
  if (!info.ok()) return std::nullopt;
  return *std::move(info);
}

absl::Status CheckHasLists(const BuildResult& result, const MineOptions& options) {
  MineReport mined;
  for (const MineReport& market : result.mined) mined += market;
  for (const RankedCounts& market : result.ranked) {
    if (market.lists > 0) return absl::OkStatus();
  }
  const std::string robots =
      absl::StrCat(mined.robots, mined.robots == 1 ? " user" : " users", " with ", mined.robot_events,
                   " events left out, of more searches on a day than --max_user_queries_per_day, ",
                   options.history.max_user_queries_per_day);
  if (mined.searches == 0 && mined.robots > 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("the log has no search of a shopper: ", robots, "; does its user column tell people apart?"));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "no query of the log has a related keyword: ", mined.searches, " searches of ", mined.users, " people, ",
      mined.pairs.pairs, " pairs of queries, ", mined.pairs.kept_pairs, " of them of at least ", options.min_pair_users,
      " people, where people of one day may count as one (docs/security.md)",
      mined.robots > 0 ? absl::StrCat("; ", robots) : "",
      "; give a longer log, of several days, or lower --min_pair_users or --min_users"));
}

absl::Status WithRemedy(const absl::Status& status, const std::string& index_dir) {
  if (!absl::StartsWith(status.message(), absl::StrCat(index_dir, "/"))) return status;
  for (const int error : {ENOSPC, EDQUOT}) {
    const char* const reason = std::strerror(error);
    if (!absl::EndsWith(status.message(), reason)) continue;
    return absl::ResourceExhaustedError(absl::StrCat(index_dir, ": ", reason,
                                                     "; make room there, as kindred-index prune --index ", index_dir,
                                                     " does, or give --index a folder of a larger disk"));
  }
  return status;
}

absl::Status FinishVersion(VersionParts parts, IndexVersion version, IndexRootWriter& root, IndexWriter& writer,
                           BuildResult& result, Progress& progress) {
  const BuildOptions& options = parts.options;
  index::v1::IndexInfo& info = parts.info;
  progress.Stage("write");
  info.set_version(version);
  info.set_builder(absl::StrCat(kVersion, " (", kCommit, ")"));
  RecordLog(parts.log, result.mined, info);
  RecordMarkets(parts.log, result.mined, info);
  RecordParameters(options, parts.rank, info);
  if (result.quality.has_value()) RecordQuality(*result.quality, info);
  for (size_t i = 0; i < result.ranked.size(); ++i) info.mutable_markets(i)->set_lists(result.ranked[i].lists);
  if (parts.active.has_value()) *info.mutable_comparison() = Compare(*parts.active, info, parts.asked);
  ASSIGN_OR_RETURN(result.info, writer.Finish(std::move(info), [&](index::v1::IndexInfo& done) {
    done.set_built_at_ms(absl::ToUnixMillis(absl::Now()));
    done.set_build_seconds(absl::ToDoubleSeconds(absl::Now() - parts.start));
    done.set_peak_memory_bytes(PeakMemoryBytes());
  }));
  RETURN_IF_ERROR(WriteBuildReport(root.BuildPath(version), result, progress.stages()));
  RETURN_IF_ERROR(root.Complete(version));
  if (options.publish && !options.force && result.info.comparison().objections_size() > 0) {
    result.refusal = FormatRefusal(result.info.comparison(), version, options.index_dir);
  }
  result.published = options.publish && !result.refusal.has_value();
  if (result.published) {
    RETURN_IF_ERROR(root.Publish(version));
    if (parts.active.has_value()) result.size_note = SizeNote(root.root(), result.info, *parts.active);
  }
  result.rows = parts.log.rows;
  progress.Done(absl::StrCat("version ", version, ", ", result.info.bytes(), " bytes, checksum ",
                             result.info.content_checksum()));
  return absl::OkStatus();
}

}  // namespace kindred
