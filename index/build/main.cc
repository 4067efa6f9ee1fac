// kindred-index: builds, measures and keeps the versions of an index of related keywords.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/nearest_name.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/build/build_index.h"
#include "index/build/load_log.h"
#include "index/build/sample_log.h"
#include "index/evaluate/evaluator.h"
#include "index/store/index_reader.h"
#include "index/store/index_root.h"
#include "index/text/normalized_query.h"
#include "kindred/index/v1/index_info.pb.h"

ABSL_FLAG(std::vector<std::string>, input, {}, "search log files, comma-separated; - is standard input");
ABSL_FLAG(std::string, index, "", "the index's folder, which holds its versions");
ABSL_FLAG(std::string, format, "auto", "log format: auto, tsv, csv, ndjson or ubi");
ABSL_FLAG(std::string, columns, "",
          "where the log's columns have unusual names or none: user=NAME,time=NAME,query=NAME,item=NAME; also session, "
          "action, hits, market; a number counts columns from 1");
ABSL_FLAG(std::string, max_bad_rows, "1%", "share of the log's rows that may be malformed; more fail the build");
ABSL_FLAG(absl::Duration, session_gap, absl::Minutes(30), "a longer pause between two searches starts a new session");
ABSL_FLAG(uint32_t, max_user_queries_per_day, 200, "a user who searches more on any day is a robot and does not count");
ABSL_FLAG(
    std::string, min_users, "auto",
    "fewest people who must have searched a keyword that is shown; auto: 2 to 10 and more, by the size of the log");
ABSL_FLAG(uint32_t, min_pair_users, 2, "fewest people who must have searched two queries for the pair to count");
ABSL_FLAG(uint32_t, popular_fill, 0, "keywords of a list that may stand there for their popularity alone");
ABSL_FLAG(bool, drop_respellings, true, "leave out keywords that respell the query or each other");
ABSL_FLAG(bool, measure, true, "build: measure quality on the log's last tenth before ranking all of it");
ABSL_FLAG(bool, publish, true, "build: make the new version the active one");
ABSL_FLAG(std::vector<std::string>, split, {},
          "evaluate: dates (2011-10-01) at which the log is cut into training and held-out sessions");
ABSL_FLAG(bool, json, false, "evaluate: print JSON");
ABSL_FLAG(std::string, market, "", "inspect: the market to look in; empty: the index's default");
ABSL_FLAG(int, keep, 3, "prune: how many of the newest versions to keep, beside the active one and the one before it");
ABSL_FLAG(uint64_t, rows, 100000, "sample: rows to write");
ABSL_FLAG(uint64_t, seed, 1, "sample: equal seeds give equal logs");

namespace kindred {
namespace {

constexpr char kUsage[] =
    R"(builds and keeps indexes of related keywords.

  kindred-index COMMAND [--flag=value ...]

  sample    --rows 100000 --seed 1 > log.tsv     write a synthetic shop log, for trials and benchmarks
  build     --input log.tsv.gz --index DIR       mine, rank, measure, publish a new version
  evaluate  --input log.tsv.gz --split DATE[,DATE]   quality on held-out sessions, beside simple baselines
  list      --index DIR                          the versions, their size, quality and content checksum
  publish   --index DIR VERSION                  make a version the active one
  rollback  --index DIR                          go back to the version that was active before
  verify    --index DIR [VERSION]                read every byte of a version and check it
  prune     --index DIR --keep 3                 delete old versions, never the active one
  inspect   --index DIR "gears of war"           a query's stored keywords, with the evidence behind each

Servers follow DIR by themselves. Exit status: 0 done, 1 failed, 2 bad usage.)";

using Arguments = std::vector<std::string>;

absl::StatusOr<std::string> IndexDir() {
  const std::string dir = absl::GetFlag(FLAGS_index);
  if (dir.empty()) return BadUsage("--index DIR is missing: the folder that holds the index's versions");
  return dir;
}

absl::Status NoMoreThan(const Arguments& arguments, size_t limit) {
  if (arguments.size() <= limit) return absl::OkStatus();
  return BadUsage(absl::StrCat("unexpected argument \"", arguments[limit], "\""));
}

absl::StatusOr<IndexVersion> ParseVersion(const std::string& text) {
  IndexVersion version = 0;
  if (!absl::SimpleAtoi(text, &version) || version == 0) {
    return BadUsage(absl::StrCat("\"", text, "\" is not a version number; kindred-index list shows them"));
  }
  return version;
}

// "1%" or "0.01".
absl::StatusOr<double> ParseShare(absl::string_view name, absl::string_view text) {
  double value = 0;
  const bool percent = absl::EndsWith(text, "%");
  if (!absl::SimpleAtod(absl::StripSuffix(text, "%"), &value) || !(value >= 0) || value > (percent ? 100 : 1)) {
    return BadUsage(absl::StrCat("--", name, "=", text, ": give a share such as 1% or 0.01"));
  }
  return percent ? value / 100 : value;
}

absl::StatusOr<LogOptions> LogOptionsFromFlags() {
  LogOptions options;
  options.inputs = absl::GetFlag(FLAGS_input);
  if (options.inputs.empty()) return BadUsage("--input FILE is missing: the search log, or - for standard input");
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
  return options;
}

absl::StatusOr<RankOptions> RankOptionsFromFlags() {
  RankOptions options;
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

absl::Status Sample(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  std::ios::sync_with_stdio(false);
  return WriteSampleLog({.rows = absl::GetFlag(FLAGS_rows), .seed = absl::GetFlag(FLAGS_seed)}, std::cout);
}

absl::Status Build(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  BuildOptions options;
  ASSIGN_OR_RETURN(options.log, LogOptionsFromFlags());
  ASSIGN_OR_RETURN(options.index_dir, IndexDir());
  ASSIGN_OR_RETURN(options.mine, MineOptionsFromFlags());
  ASSIGN_OR_RETURN(options.rank, RankOptionsFromFlags());
  options.measure = absl::GetFlag(FLAGS_measure);
  options.publish = absl::GetFlag(FLAGS_publish);
  Progress progress;
  ASSIGN_OR_RETURN(const BuildResult result, BuildIndex(options, progress));
  std::cout << FormatBuild(result);
  return absl::OkStatus();
}

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

// For a look at what is there: every byte was read when the version was built, and verify reads it again.
IndexReader::Options Unverified() {
  IndexReader::Options options;
  options.verify_checksums = false;
  return options;
}

std::string ListLine(const index::v1::IndexInfo& info, bool active) {
  std::string quality = "-";
  for (const index::v1::QualityFigure& figure : info.quality()) {
    if (figure.name() == "hit@10") quality = absl::StrFormat("%.3f", figure.value());
  }
  uint64_t lists = 0;
  for (const index::v1::MarketInfo& market : info.markets()) lists += market.lists();
  return absl::StrFormat(
      "%-8d %-7s %-20s %10d %12d  %-7s %s\n", info.version(), active ? "active" : "",
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMillis(info.built_at_ms()), absl::UTCTimeZone()), lists,
      info.bytes(), quality, info.content_checksum());
}

absl::Status List(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  const IndexRoot root(dir);
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> versions, root.Versions());
  ASSIGN_OR_RETURN(const std::optional<IndexVersion> active, root.Active());
  std::cout << absl::StrFormat("%-8s %-7s %-20s %10s %12s  %-7s %s\n", "VERSION", "", "BUILT", "LISTS", "BYTES",
                               "HIT@10", "CHECKSUM");
  for (const IndexVersion version : versions) {
    const auto reader = IndexReader::Open(root.VersionPath(version), Unverified());
    if (reader.ok()) {
      std::cout << ListLine((*reader)->info(), version == active);
    } else {
      std::cout << absl::StrFormat("%-8d %-7s %s\n", version, version == active ? "active" : "",
                                   reader.status().message());
    }
  }
  return absl::OkStatus();
}

absl::Status Rollback(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  ASSIGN_OR_RETURN(const auto root, IndexRootWriter::Open(dir));
  ASSIGN_OR_RETURN(const IndexVersion version, root->Rollback());
  std::cout << "version " << version << " is active again\n";
  return absl::OkStatus();
}

// The version named by an argument, else the active one.
absl::StatusOr<IndexVersion> WantedVersion(const IndexRoot& root, const std::optional<std::string>& text) {
  if (text.has_value()) {
    ASSIGN_OR_RETURN(const IndexVersion version, ParseVersion(*text));
    ASSIGN_OR_RETURN(const std::vector<IndexVersion> versions, root.Versions());
    if (std::find(versions.begin(), versions.end(), version) != versions.end()) return version;
    return absl::NotFoundError(
        absl::StrCat(root.path(), ": no version ", version, "; there are ", absl::StrJoin(versions, ", ")));
  }
  ASSIGN_OR_RETURN(const std::optional<IndexVersion> active, root.Active());
  if (!active.has_value()) return absl::NotFoundError(absl::StrCat(root.path(), ": no version is published yet"));
  return *active;
}

absl::Status Publish(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 1));
  if (arguments.empty()) return BadUsage("publish VERSION: which one? kindred-index list shows them");
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  ASSIGN_OR_RETURN(const IndexVersion version, WantedVersion(IndexRoot(dir), arguments[0]));
  ASSIGN_OR_RETURN(const auto root, IndexRootWriter::Open(dir));
  RETURN_IF_ERROR(root->Publish(version));
  std::cout << "version " << version << " is active\n";
  return absl::OkStatus();
}

absl::Status Verify(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 1));
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  const IndexRoot root(dir);
  ASSIGN_OR_RETURN(const IndexVersion version,
                   WantedVersion(root, arguments.empty() ? std::nullopt : std::make_optional(arguments[0])));
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(root.VersionPath(version), {}));
  std::cout << "version " << version << " is sound: " << reader->info().files_size() << " files, "
            << reader->info().rows() << " rows\n";
  return absl::OkStatus();
}

absl::Status Prune(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  const int keep = absl::GetFlag(FLAGS_keep);
  if (keep < 1) return BadUsage("--keep must be at least 1");
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  ASSIGN_OR_RETURN(const auto root, IndexRootWriter::Open(dir));
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> pruned, root->Prune(keep));
  std::cout << (pruned.empty() ? "nothing to prune\n" : absl::StrCat("pruned ", absl::StrJoin(pruned, ", "), "\n"));
  return absl::OkStatus();
}

void PrintList(const NormalizedQuery& query, const RelatedList& list) {
  std::cout << absl::StrFormat("\"%s\" (looked up as \"%s\"), searched by %d people\n", list.display, query.text(),
                               list.users);
  std::cout << absl::StrFormat("%3s %8s %6s %6s %9s %6s %7s %7s %7s %7s %8s  %s\n", "", "score", "users", "after",
                               "products", "words", "pair", "token", "walk1", "walk2", "jaccard", "keyword");
  int place = 0;
  for (const Candidate& c : list.candidates) {
    std::cout << absl::StrFormat("%3d %8.3f %6d %6d %9d %6d %7.1f %7.1f %7.1f %7.1f %8.2f  %s\n", ++place, c.score,
                                 c.evidence.users, c.evidence.users_after, c.evidence.shared_products,
                                 c.evidence.shared_words, c.signals[kPair], c.signals[kToken], c.signals[kWalk1],
                                 c.signals[kWalk2], c.signals[kJaccard], c.keyword);
  }
}

absl::Status Inspect(const Arguments& arguments) {
  if (arguments.empty()) return BadUsage("inspect \"QUERY\": which query?");
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  ASSIGN_OR_RETURN(const NormalizedQuery query, NormalizeQuery(absl::StrJoin(arguments, " ")));
  const IndexRoot root(dir);
  ASSIGN_OR_RETURN(const IndexVersion version, WantedVersion(root, std::nullopt));
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(root.VersionPath(version), Unverified()));
  std::string market = absl::GetFlag(FLAGS_market);
  if (market.empty()) market = reader->info().default_market();
  if (reader->documents(market) == 0) {
    std::vector<std::string> markets;
    for (const index::v1::MarketInfo& known : reader->info().markets()) markets.push_back(known.name());
    return absl::NotFoundError(absl::StrCat("version ", version, " has no market \"", market, "\"; it has \"",
                                            absl::StrJoin(markets, "\", \""), "\""));
  }
  ASSIGN_OR_RETURN(const std::optional<RelatedList> list, reader->Find(market, query));
  if (!list.has_value()) {
    std::cout << "no list is stored for \"" << query.text() << "\"; a server looks for near queries\n";
    return absl::OkStatus();
  }
  PrintList(query, *list);
  return absl::OkStatus();
}

absl::Status Run(Arguments arguments) {
  if (arguments.empty()) return BadUsage("which command? kindred-index --help lists them");
  const std::string command = arguments.front();
  arguments.erase(arguments.begin());
  const struct {
    const char* name;
    absl::Status (*run)(const Arguments&);
  } kCommands[] = {{"sample", Sample}, {"build", Build},     {"evaluate", EvaluateCommand},
                   {"list", List},     {"publish", Publish}, {"rollback", Rollback},
                   {"verify", Verify}, {"prune", Prune},     {"inspect", Inspect}};
  std::vector<std::string> names;
  for (const auto& candidate : kCommands) {
    if (command == candidate.name) return candidate.run(arguments);
    names.push_back(candidate.name);
  }
  if (const std::optional<std::string> meant = NearestName(command, names); meant.has_value()) {
    return BadUsage(absl::StrCat("no command \"", command, "\"; did you mean ", *meant, "?"));
  }
  return BadUsage(absl::StrCat("no command \"", command, "\"; there are ", absl::StrJoin(names, ", ")));
}

}  // namespace
}  // namespace kindred

int main(int argc, char** argv) {
  return kindred::Finish("kindred-index", kindred::Run(kindred::ParseProgramFlags(kindred::kUsage, argc, argv)));
}
