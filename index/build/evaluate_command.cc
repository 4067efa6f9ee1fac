#include "index/build/evaluate_command.h"

#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/build/history_command.h"
#include "index/build/load_log.h"
#include "index/build/log_flags.h"
#include "index/build/report_file.h"
#include "index/build/version_commands.h"
#include "index/evaluate/evaluator.h"
#include "index/evaluate/report_json.h"
#include "index/evaluate/report_page.h"

ABSL_FLAG(std::vector<std::string>, split, {},
          "dates (2011-10-01) at which the log is cut into training and held-out sessions");
ABSL_FLAG(uint32_t, cuts, 1, "without --split: how many cuts to roll over the log's last part");
ABSL_FLAG(bool, json, false, "print JSON");
ABSL_FLAG(bool, context, false, "also what the earlier queries of a visit are worth; printed, not on the page");

namespace kindred {
namespace {

std::vector<std::string> EvaluateFlags() {
  return LogFlagsAnd({"index", "split", "cuts", "context", "report", "json"});
}

constexpr uint32_t kMaxCuts = 100;

constexpr char kEvaluateUsage[] =
    R"(evaluate --input log.tsv.gz[,more...] [--cuts N | --split DATE,...] [--report report.html]

Measures quality on held-out sessions, beside simple baselines. For each cut an index is built from the rows before it
and asked what shoppers searched up to the next cut. Without --split the cuts roll over the log's last part, a tenth of
its rows a cut, at most four tenths.

evaluate --input later.log --index DIR [VERSION]

Asks a version that was built before (or else the active one) what shoppers searched later, and keeps the figures for
kindred-index history.)";

void DescribeLog(const LoadedLog& log, EvaluationReport& report) {
  uint64_t searches_and_clicks = 0, queries = 0;
  for (const EventTable& table : log.markets) {
    searches_and_clicks += table.events();
    queries += table.queries.size();
  }
  report.log = {{"rows", log.rows.rows},
                {"events", log.rows.events},
                {"events used", searches_and_clicks},
                {"distinct queries", queries},
                {"markets", log.markets.size()}};
  for (const auto& [reason, bad] : log.rows.bad) report.log.push_back({absl::StrCat("bad rows: ", reason), bad.rows});
  for (const auto& [reason, skipped] : log.rows.skipped) {
    report.log.push_back({absl::StrCat("rows skipped: ", reason), skipped.rows});
  }
  for (const auto& [reason, events] : log.dropped) {
    report.log.push_back({absl::StrCat("events left out: ", reason), events});
  }
}

// All flags that the evaluation read, as they are set.
void DescribeParameters(EvaluationReport& report) {
  for (const std::string& name : EvaluateFlags()) {
    const absl::CommandLineFlag* const flag = absl::FindCommandLineFlag(name);
    if (flag != nullptr && name != "json" && name != "report") {
      report.parameters.emplace_back(name, flag->CurrentValue());
    }
  }
}

absl::StatusOr<EvaluationReport> LoadAndEvaluate(const LogOptions& log_options, EvaluateOptions options) {
  ASSIGN_OR_RETURN(const Resources resources, ResourcesFromFlags());
  Progress progress;
  ASSIGN_OR_RETURN(const LoadedLog log, LoadLog(log_options, resources, progress));
  std::cerr << FormatRows(log);
  if (options.cuts.empty()) options.cuts = RollingCuts(log.markets, absl::GetFlag(FLAGS_cuts));
  progress.Stage("evaluate");
  options.progress = [&](double share) { progress.Update(share); };
  absl::StatusOr<EvaluationReport> report = Evaluate(log.markets, options);
  if (absl::IsNotFound(report.status())) {
    const auto date = [](int64_t ms) {
      return absl::FormatTime("%Y-%m-%d", absl::FromUnixMillis(ms), absl::UTCTimeZone());
    };
    return absl::NotFoundError(absl::StrCat(report.status().message(), "; the log goes from ", date(log.first_event_ms),
                                            " to ", date(log.last_event_ms)));
  }
  RETURN_IF_ERROR(report.status());
  DescribeLog(log, *report);
  DescribeParameters(*report);
  progress.Done(absl::StrCat(report->cuts.size(), " cuts"));
  std::cerr << FormatMemory(log, resources);
  if (report->methods.front().all.Coverage().value == 0) {
    std::cerr << "not one query that was asked got a keyword; build of the same log says why\n";
  }
  return report;
}

absl::StatusOr<std::vector<absl::Time>> CutsFromFlags() {
  std::vector<absl::Time> cuts;
  for (const std::string& split : absl::GetFlag(FLAGS_split)) {
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, split, &cuts.emplace_back(), &error) &&
        !absl::ParseTime("%Y-%m-%d", split, &cuts.back(), &error)) {
      return BadUsage(absl::StrCat("--split=", split, ": give dates such as 2011-10-01"));
    }
  }
  const uint32_t count = absl::GetFlag(FLAGS_cuts);
  if (count == 0 || count > kMaxCuts) return BadUsage(absl::StrCat("--cuts must be 1 to ", kMaxCuts));
  if (!cuts.empty() && count > 1) return BadUsage("--split and --cuts: give one of them");
  return cuts;
}

bool IsDefault(const char* name) {
  const absl::CommandLineFlag& flag = *absl::FindCommandLineFlag(name);
  return flag.CurrentValue() == flag.DefaultValue();
}

absl::Status EvaluateKeptVersion(const Arguments& arguments) {
  for (const char* name : {"split", "cuts", "context", "json"}) {
    if (IsDefault(name)) continue;
    return BadUsage(absl::StrCat("--", name, ": not with --index, which asks the version all of the log that it does ",
                                 "not know and prints a table; give a log of the days that you want"));
  }
  for (const char* name : {"min_users", "min_pair_users", "popular_fill", "drop_respellings", "weights"}) {
    if (IsDefault(name)) continue;
    return BadUsage(absl::StrCat("--", name, ": not with --index, which asks the version as it was built"));
  }
  if (ReportPath().empty()) return MeasureKeptVersion(arguments);
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  return BadUsage(
      absl::StrCat("--report: evaluate --index adds its figures to the page of all versions, which "
                   "kindred-index history --index ",
                   dir, " --report ", ReportPath(), " writes afterwards"));
}

absl::Status EvaluateCommand(const Arguments& arguments) {
  if (IndexIsGiven()) return EvaluateKeptVersion(arguments);
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  ASSIGN_OR_RETURN(const LogOptions log_options, LogOptionsWithFiles());
  EvaluateOptions options;
  ASSIGN_OR_RETURN(options.mine, MineOptionsFromFlags());
  ASSIGN_OR_RETURN(options.rank, RankOptionsFromFlags());
  ASSIGN_OR_RETURN(const WeightChoice choice, WeightsFromFlags());
  options.refit_weights = choice.refit;
  ASSIGN_OR_RETURN(options.cuts, CutsFromFlags());
  const std::string report_path = ReportPath();
  RETURN_IF_ERROR(CheckReportPath());
  options.measure_context = absl::GetFlag(FLAGS_context);
  options.measure_floors = !report_path.empty();
  ASSIGN_OR_RETURN(const EvaluationReport report, LoadAndEvaluate(log_options, std::move(options)));
  if (absl::GetFlag(FLAGS_json)) {
    std::cout << FormatJson(report);
  } else {
    std::cout << FormatTable(report) << "\n" << FormatSlices(report);
    if (!report.context.empty()) std::cout << "\n" << FormatContext(report);
  }
  if (!report_path.empty()) RETURN_IF_ERROR(WriteReport(FormatReportPage(report), report_path));
  return absl::OkStatus();
}

}  // namespace

Command MakeEvaluateCommand() { return {"evaluate", kEvaluateUsage, EvaluateFlags(), EvaluateCommand}; }

}  // namespace kindred
