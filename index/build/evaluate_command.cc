#include "index/build/evaluate_command.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/build/load_log.h"
#include "index/build/log_flags.h"
#include "index/evaluate/evaluator.h"

ABSL_FLAG(std::vector<std::string>, split, {},
          "dates (2011-10-01) at which the log is cut into training and held-out sessions");
ABSL_FLAG(bool, json, false, "print JSON");

namespace kindred {
namespace {

constexpr char kUsage[] =
    R"(evaluate --input log.tsv.gz[,more...] --split DATE[,DATE...]

Measures quality on held-out sessions, beside simple baselines. Without --split the log's last tenth is held out.)";

absl::StatusOr<EvaluationReport> LoadAndEvaluate(const LogOptions& log_options, EvaluateOptions options) {
  Progress progress;
  ASSIGN_OR_RETURN(const LoadedLog log, LoadLog(log_options, progress));
  if (options.cuts.empty()) options.cuts.push_back(TimeQuantile(log.markets, kDefaultTrainingShare));
  progress.Stage("evaluate");
  const absl::StatusOr<EvaluationReport> report = Evaluate(log.markets, options);
  if (absl::IsNotFound(report.status())) {
    const auto date = [](int64_t ms) {
      return absl::FormatTime("%Y-%m-%d", absl::FromUnixMillis(ms), absl::UTCTimeZone());
    };
    return absl::NotFoundError(absl::StrCat(report.status().message(), "; the log goes from ", date(log.first_event_ms),
                                            " to ", date(log.last_event_ms)));
  }
  RETURN_IF_ERROR(report.status());
  progress.Done(absl::StrCat(report->cuts.size(), " cuts"));
  return report;
}

absl::Status EvaluateCommand(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  ASSIGN_OR_RETURN(const LogOptions log_options, LogOptionsFromFlags());
  EvaluateOptions options;
  ASSIGN_OR_RETURN(options.mine, MineOptionsFromFlags());
  ASSIGN_OR_RETURN(options.rank, RankOptionsFromFlags());
  for (const std::string& split : absl::GetFlag(FLAGS_split)) {
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, split, &options.cuts.emplace_back(), &error) &&
        !absl::ParseTime("%Y-%m-%d", split, &options.cuts.back(), &error)) {
      return BadUsage(absl::StrCat("--split=", split, ": give dates such as 2011-10-01"));
    }
  }
  std::error_code error;
  std::string folder = (std::filesystem::temp_directory_path(error) / "kindred-evaluate-XXXXXX").string();
  if (error || ::mkdtemp(folder.data()) == nullptr) {
    const std::string reason = error ? error.message() : std::generic_category().message(errno);
    return absl::InternalError(
        absl::StrCat("cannot create a temporary folder: ", reason, "; set TMPDIR to one that can"));
  }
  options.temp_dir = folder;
  const absl::StatusOr<EvaluationReport> report = LoadAndEvaluate(log_options, std::move(options));
  std::filesystem::remove_all(folder, error);
  RETURN_IF_ERROR(report.status());
  std::cout << (absl::GetFlag(FLAGS_json) ? FormatJson(*report) : FormatTable(*report));
  return absl::OkStatus();
}

}  // namespace

Command MakeEvaluateCommand() { return {"evaluate", kUsage, LogFlagsAnd({"split", "json"}), EvaluateCommand}; }

}  // namespace kindred
