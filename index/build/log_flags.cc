#include "index/build/log_flags.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/machine_limits.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/build/log_files.h"

ABSL_FLAG(
    std::vector<std::string>, input, {},
    "search log files, comma-separated; folders, with all that lies in them, and quoted globs, too; - is standard "
    "input, but for watch");
ABSL_FLAG(std::string, format, "auto", "log format: auto, tsv, csv, ndjson or ubi");
ABSL_FLAG(std::string, columns, "",
          "where the log's columns have unusual names or none: user=NAME,time=NAME,query=NAME,item=NAME; also session, "
          "action, hits, market; a number counts columns from 1, nothing behind = leaves the role out. Times are "
          "2026-01-31T08:00:00, with a space or with Z or +08:00 too, or seconds or milliseconds since 1970");
ABSL_FLAG(std::string, max_bad_rows, "1%", "share of the log's rows that may be malformed; more are an error");
ABSL_FLAG(absl::Duration, session_gap, absl::Minutes(30), "a longer pause between two searches starts a new session");
ABSL_FLAG(uint32_t, max_user_queries_per_day, 200, "a user who searches more on any day is a robot and does not count");
ABSL_FLAG(absl::Duration, half_typed_window, absl::Seconds(4),
          "a query that the same user extends within this time was half-typed and does not count; 0: all count");
ABSL_FLAG(uint32_t, threads, 0, "threads to work with; 0: as many as may run at once");
ABSL_FLAG(
    std::string, memory_budget, "auto",
    "memory to keep to, such as 512MiB; auto: half of the machine's or of its control group's. Records that wait to be "
    "counted go to disk beyond a sixth of it and beyond 32 MiB, what is ranked beyond half; the distinct queries do "
    "not");
ABSL_FLAG(
    std::string, temp_dir, "",
    "folder on disk for what fits no --memory_budget; empty: the index's, or for commands without an index $TMPDIR or "
    "/tmp");
ABSL_FLAG(
    std::string, min_users, "auto",
    "fewest people who must have searched a keyword that is shown; auto: 2 to 10 and more, by the size of the log");
ABSL_FLAG(uint32_t, min_pair_users, 2, "fewest people who must have searched two queries for the pair to count");
ABSL_FLAG(uint32_t, popular_fill, 0, "keywords of a list that may stand there for their popularity alone");
ABSL_FLAG(std::string, weights, "auto",
          "of the ranking's signals: auto, constants unless weights learned from the log win on its own held-out "
          "sessions (watch learns them once a day); default, the constants; or numbers for "
          "pair,token,walk1,walk2,jaccard,next,co_click,recent,follow_up");
ABSL_FLAG(bool, drop_respellings, true, "leave out keywords that respell the query or each other");

namespace kindred {
namespace {

constexpr uint32_t kMostThreads = 1024;
constexpr uint64_t kLeastBudget = 1 << 20;

// "1%" or "0.01".
absl::StatusOr<double> ParseShare(absl::string_view name, absl::string_view text) {
  double value = 0;
  const bool percent = absl::EndsWith(text, "%");
  if (!absl::SimpleAtod(absl::StripSuffix(text, "%"), &value) || !(value >= 0) || value > (percent ? 100 : 1)) {
    return BadUsage(absl::StrCat("--", name, "=", text, ": give a share such as 1% or 0.01"));
  }
  return percent ? value / 100 : value;
}

}  // namespace

std::vector<std::string> MineFlagsAnd(std::vector<std::string> others) {
  others.insert(others.end(), {"input", "format", "columns", "max_bad_rows", "session_gap", "max_user_queries_per_day",
                               "half_typed_window", "min_pair_users", "threads", "memory_budget", "temp_dir"});
  return others;
}

std::vector<std::string> LogFlagsAnd(std::vector<std::string> others) {
  others.insert(others.end(), {"min_users", "popular_fill", "drop_respellings", "weights"});
  return MineFlagsAnd(std::move(others));
}

absl::StatusOr<LogOptions> LogOptionsWithFiles() {
  ASSIGN_OR_RETURN(LogOptions options, LogOptionsFromFlags());
  std::vector<std::string> files;  // Each once, also where several inputs name it.
  absl::flat_hash_set<std::string> known;
  const auto add = [&](const std::string& path) {
    if (known.insert(path).second) files.push_back(path);
  };
  for (const std::string& input : options.inputs) {
    std::error_code error;
    const bool is_folder = std::filesystem::is_directory(input, error);
    if (!is_folder && (input.find_first_of("*?[") == std::string::npos || std::filesystem::exists(input, error))) {
      add(input);
      continue;
    }
    ASSIGN_OR_RETURN(const std::vector<LogFile> found, ListLogFiles({input}));
    if (found.empty()) return absl::NotFoundError(absl::StrCat("--input ", input, ": no log file is there"));
    for (const LogFile& file : found) add(file.path);
  }
  options.inputs = std::move(files);
  return options;
}

absl::StatusOr<LogOptions> LogOptionsFromFlags() {
  LogOptions options;
  options.inputs = absl::GetFlag(FLAGS_input);
  if (options.inputs.empty()) return BadUsage("--input FILE is missing: the search log, or - for standard input");
  const std::string one_file = absl::StrJoin(options.inputs, ",");  // Its name may have commas.
  std::error_code error;
  if (options.inputs.size() > 1 && std::filesystem::exists(one_file, error)) options.inputs = {one_file};
  for (const std::string& input : options.inputs) {
    if (input.empty()) return BadUsage("--input names a file with no name: two commas, or one at the end");
  }
  const auto usage = [](const absl::Status& status) { return BadUsage(status.message()); };
  const auto format = ParseLogFormat(absl::GetFlag(FLAGS_format));
  if (!format.ok()) return usage(Annotate(format.status(), "--format"));
  options.format = *format;
  if (const std::string columns = absl::GetFlag(FLAGS_columns); !columns.empty()) {
    auto parsed = ParseColumns(columns);
    if (!parsed.ok()) return usage(parsed.status());
    options.columns = *std::move(parsed);
  }
  ASSIGN_OR_RETURN(options.max_bad_rows, ParseShare("max_bad_rows", absl::GetFlag(FLAGS_max_bad_rows)));
  return options;
}

absl::StatusOr<MineOptions> MineOptionsFromFlags() {
  MineOptions options;
  options.history.session_gap = absl::GetFlag(FLAGS_session_gap);
  if (options.history.session_gap <= absl::ZeroDuration()) return BadUsage("--session_gap must be above 0");
  options.history.max_user_queries_per_day = absl::GetFlag(FLAGS_max_user_queries_per_day);
  if (options.history.max_user_queries_per_day == 0) return BadUsage("--max_user_queries_per_day must be at least 1");
  options.min_pair_users = absl::GetFlag(FLAGS_min_pair_users);
  if (options.min_pair_users == 0) return BadUsage("--min_pair_users must be at least 1");
  options.history.half_typed_window = absl::GetFlag(FLAGS_half_typed_window);
  if (options.history.half_typed_window < absl::ZeroDuration()) return BadUsage("--half_typed_window is negative");
  ASSIGN_OR_RETURN(const Resources resources, ResourcesFromFlags());
  options.threads = resources.threads;
  return options;
}

absl::StatusOr<Resources> ResourcesFromFlags(const std::string& index_dir) {
  Resources resources;
  resources.threads = absl::GetFlag(FLAGS_threads);
  if (resources.threads > kMostThreads) return BadUsage(absl::StrCat("--threads: at most ", kMostThreads));
  if (resources.threads == 0) resources.threads = std::min(CoreLimit(), kMostThreads);
  const std::string budget = absl::GetFlag(FLAGS_memory_budget);
  resources.memory_budget_bytes = MemoryLimitBytes() / 2;
  if (budget != "auto") {
    const auto bytes = ParseBytes(budget);
    if (!bytes.ok()) return BadUsage(absl::StrCat("--memory_budget: ", bytes.status().message()));
    if (*bytes < kLeastBudget)
      return BadUsage(absl::StrCat("--memory_budget=", budget, ": at least 1MiB; is a unit missing?"));
    resources.memory_budget_bytes = *bytes;
  }
  resources.temp_dir = absl::GetFlag(FLAGS_temp_dir);
  if (resources.temp_dir.empty()) resources.temp_dir = index_dir;
  std::error_code error;  // Of a TMPDIR that is no folder.
  if (resources.temp_dir.empty()) resources.temp_dir = std::filesystem::temp_directory_path(error);
  if (resources.temp_dir.empty()) resources.temp_dir = "/tmp";
  return resources;
}

absl::StatusOr<WeightChoice> WeightsFromFlags() {
  const auto choice = ParseWeights(absl::GetFlag(FLAGS_weights));
  if (!choice.ok()) return BadUsage(choice.status().message());
  return *choice;
}

absl::StatusOr<RankOptions> RankOptionsFromFlags() {
  RankOptions options;
  ASSIGN_OR_RETURN(const WeightChoice choice, WeightsFromFlags());
  options.weights = choice.weights;
  options.popular_fill = absl::GetFlag(FLAGS_popular_fill);
  options.drop_respellings = absl::GetFlag(FLAGS_drop_respellings);
  options.min_pair_users = absl::GetFlag(FLAGS_min_pair_users);
  options.min_shared_users = options.min_pair_users;
  const std::string min_users = absl::GetFlag(FLAGS_min_users);
  options.min_users = 0;
  if (min_users != "auto" && (!absl::SimpleAtoi(min_users, &options.min_users) || options.min_users == 0)) {
    return BadUsage(absl::StrCat("--min_users=", min_users, ": give auto, or a number of people of at least 1"));
  }
  return options;
}

}  // namespace kindred
