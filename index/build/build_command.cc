#include "index/build/build_command.h"

#include <iostream>

#include "absl/flags/flag.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/build/build_index.h"
#include "index/build/log_flags.h"
#include "index/build/version_commands.h"

ABSL_FLAG(bool, measure, true, "measure quality on the log's last tenth before ranking all of it");
ABSL_FLAG(bool, publish, true, "make the new version the active one");
ABSL_FLAG(bool, force, false, "publish the new version even where it is worse than the active one");

namespace kindred {
namespace {

constexpr char kBuildUsage[] =
    R"(build --input log.tsv.gz[,more...] --index DIR

Mines the log, ranks, measures quality on the log's last tenth, and publishes a new version of the index,
unless it is worse than the active one: then it is kept, and the exit status is 3.)";

constexpr int kExitNotPublished = 3;

absl::Status BuildCommand(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  ASSIGN_OR_RETURN(BuildOptions options, BuildOptionsFromFlags());
  ASSIGN_OR_RETURN(options.log, LogOptionsWithFiles());
  Progress progress;
  ASSIGN_OR_RETURN(const BuildResult result, BuildIndex(options, progress));
  return TellBuild(result);
}

}  // namespace

absl::Status TellBuild(const BuildResult& result) {
  std::cout << FormatBuild(result);
  if (!result.refusal.has_value()) return absl::OkStatus();
  return WithExitCode(absl::FailedPreconditionError(*result.refusal), kExitNotPublished);
}

absl::StatusOr<BuildOptions> BuildOptionsFromFlags() {
  BuildOptions options;
  ASSIGN_OR_RETURN(options.log, LogOptionsFromFlags());
  ASSIGN_OR_RETURN(options.index_dir, IndexDir());
  ASSIGN_OR_RETURN(options.resources, ResourcesFromFlags(options.index_dir));
  ASSIGN_OR_RETURN(options.mine, MineOptionsFromFlags());
  ASSIGN_OR_RETURN(options.rank, RankOptionsFromFlags());
  ASSIGN_OR_RETURN(const WeightChoice choice, WeightsFromFlags());
  options.refit_weights = choice.refit;
  options.measure = absl::GetFlag(FLAGS_measure);
  options.publish = absl::GetFlag(FLAGS_publish);
  options.force = absl::GetFlag(FLAGS_force);
  return options;
}

Command MakeBuildCommand() {
  return {"build", kBuildUsage, LogFlagsAnd({"index", "measure", "publish", "force"}), BuildCommand};
}

}  // namespace kindred
