// The whole pipeline: from a search log to a published index version.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "index/build/load_log.h"
#include "index/build/progress.h"
#include "index/evaluate/evaluator.h"
#include "index/evaluate/weight_fit.h"
#include "index/log/event_reader.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_all.h"
#include "index/rank/rank_options.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

struct BuildOptions {
  LogOptions log;
  Resources resources;
  std::string index_dir;
  MineOptions mine;
  RankOptions rank;  // min_users of 0: AutoMinUsers() of the log.
  // Learn weights from the rows before the last tenth, and take them where they win (index/evaluate/weight_fit.h).
  bool refit_weights = false;
  // With refit_weights: those of the active version are taken where they were fitted less long ago than this.
  absl::Duration max_weights_age = absl::ZeroDuration();
  bool measure = true;    // Hold the log's last tenth out and measure an index of the rest,
  bool baselines = true;  // and the baselines, which FormatBuild() needs.
  bool publish = true;    // Point ACTIVE to the new version, unless it is worse than the active one (gate.h).
  bool force = false;     // Or even then.
};

struct BuildResult {
  index::v1::IndexInfo info;
  ReadReport rows;
  std::vector<MineReport> mined;  // By market, as info.markets.
  std::vector<RankedCounts> ranked;
  std::optional<FittedWeights> weights;
  std::optional<EvaluationReport> quality;
  uint64_t memory_budget_bytes = 0, spilled_bytes = 0;  // Of this process; see BuildReport.
  bool published = false;
  // Where it was to be published and is worse: FormatRefusal().
  std::optional<std::string> refusal;
  std::string size_note;  // Where it was published: SizeNote().
};

// Killed at any moment, it leaves the root's versions and ACTIVE as they were.
//   Unavailable: another process writes to the root.  ResourceExhausted: disk full.  InvalidArgument: the log, as
//   EventReader and LoadLog say, or no query of it has a related keyword.  Other errors of IndexRootWriter and
//   IndexWriter.
absl::StatusOr<BuildResult> BuildIndex(const BuildOptions& options, Progress& progress);

// What a data scientist reads after a build. Why a version was not published is left to its refusal.
std::string FormatBuild(const BuildResult& result);

}  // namespace kindred
