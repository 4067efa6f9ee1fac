#include "index/build/stage_command.h"

#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/machine_limits.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/build/build_command.h"
#include "index/build/log_flags.h"
#include "index/build/publish_shards.h"
#include "index/build/version_commands.h"
#include "index/build/version_parts.h"
#include "index/log/column_map.h"
#include "index/log/log_splits.h"
#include "index/stage/stages.h"

ABSL_DECLARE_FLAG(std::string, columns);
ABSL_FLAG(std::string, blocks, "", "folder of the blocks that a stage reads");
ABSL_FLAG(std::string, blocks_out, "", "folder, which must exist, for the blocks that a stage writes");
ABSL_FLAG(std::string, dictionary, "", "the whole log's dictionary");
ABSL_FLAG(std::string, mined, "", "the whole log's counts");
ABSL_FLAG(uint32_t, groups, 1, "groups of users");
ABSL_FLAG(uint32_t, parts, 1, "parts of the keys that are counted, or of the queries that are ranked");
ABSL_FLAG(uint32_t, part, 0, "which of --parts, from 0");
ABSL_FLAG(std::string, byte_range, "", "BEGIN-END of the input: the rows that begin there; empty: all of it");
ABSL_FLAG(uint64_t, split_bytes, 128 << 20, "cut plain TSV and NDJSON files into parts of at most so many bytes");
ABSL_FLAG(bool, whole, true, "the blocks are of the whole log, whose bad rows are to be judged");
ABSL_FLAG(int64_t, now_ms, 0, "the build's beginning, since 1970: rows dated a day later are bad; 0: now");

namespace kindred {
namespace {

constexpr char kStageUsage[] =
    R"(stage NAME ...

One stage of a build on several machines. index/spark/kindred_build.py runs them; by hand they are of use to look into
a build that failed. Every stage but publish reads files, writes blocks into --blocks_out and nothing else. In order:

  files       --input LOG[,...]                      prints its files, with those of folders and globs, a line each
  plan        --input FILE[,...]                     prints how the log is cut: BEGIN-END (or all), then the places of
                                                     its inputs, a line each; no folders or globs
  columns     --columns ROLE=NAME,...                reads the names of a table's columns, a line each, and prints the
                                                     roles that some play, with their places from 0
  read        --input LOG --byte_range BEGIN-END --groups G    a part of the log: dictionary, events-0 to events-(G-1)
  dictionary  --blocks DIR                           merges DIR/dictionary*: dictionary; --nowhole: a part of the log's
  users       --blocks DIR --dictionary FILE --parts P    visits the users of DIR/events*: records-0 to -(P-1), report
  count       --blocks DIR                           counts DIR/records*, of one part: counts
  mined       --blocks DIR --dictionary FILE         merges DIR/counts* and DIR/report*: mined
  rank        --dictionary FILE --mined FILE --part I --parts P    ranks a part of the queries: rows-*.sst, lists-*
  publish     --index DIR                            takes DIR's lock and prints a folder; once the dictionary, mined and
                                                     what rank wrote are in it and "publish P" is read, makes them a
                                                     version and publishes it as build does

The flags of build hold for all stages, and must be the same for each. What a stage took is told on standard error.
See docs/scale.md.)";

constexpr uint32_t kMostParts = 1 << 16;

absl::StatusOr<std::string> Needed(const absl::Flag<std::string>& flag, absl::string_view name) {
  const std::string value = absl::GetFlag(flag);
  if (value.empty()) return BadUsage(absl::StrCat("--", name, " is missing"));
  return value;
}

absl::StatusOr<PartOf> PartFromFlags() {
  const PartOf part{absl::GetFlag(FLAGS_part), absl::GetFlag(FLAGS_parts)};
  if (part.parts == 0 || part.parts > kMostParts) return BadUsage(absl::StrCat("--parts: 1 to ", kMostParts));
  if (part.part >= part.parts) return BadUsage("--part must be below --parts");
  return part;
}

absl::StatusOr<LogOptions> SplitFromFlags() {
  ASSIGN_OR_RETURN(LogOptions options, LogOptionsFromFlags());
  if (const int64_t now_ms = absl::GetFlag(FLAGS_now_ms); now_ms != 0) options.now = absl::FromUnixMillis(now_ms);
  const std::string text = absl::GetFlag(FLAGS_byte_range);
  if (text.empty()) return options;
  const std::vector<absl::string_view> ends = absl::StrSplit(text, '-');
  ByteRange range;
  if (ends.size() != 2 || !absl::SimpleAtoi(ends[0], &range.begin) || !absl::SimpleAtoi(ends[1], &range.end) ||
      range.begin >= range.end || options.inputs.size() != 1) {
    return BadUsage(absl::StrCat("--byte_range=", text, ": give BEGIN-END of one --input"));
  }
  options.range = range;
  return options;
}

absl::StatusOr<StageOptions> OutputFromFlags() {
  StageOptions options;
  ASSIGN_OR_RETURN(options.output_dir, Needed(FLAGS_blocks_out, "blocks_out"));
  ASSIGN_OR_RETURN(const Resources resources, ResourcesFromFlags(options.output_dir));
  options.spill = resources.Spill();
  return options;
}

absl::StatusOr<std::vector<std::string>> BlocksFromFlags(absl::string_view prefix) {
  ASSIGN_OR_RETURN(const std::string dir, Needed(FLAGS_blocks, "blocks"));
  return BlocksIn(dir, prefix);
}

absl::Status PrintFiles() {
  ASSIGN_OR_RETURN(const LogOptions options, LogOptionsWithFiles());
  for (const std::string& file : options.inputs) {
    if (file == "-") return BadUsage("--input -: standard input cannot be cut; name files");
    if (file.find_first_of(",\n") != std::string::npos) {
      return BadUsage(absl::StrCat("--input: \"", file, "\": rename it, without commas and line ends"));
    }
    std::cout << file << "\n";
  }
  return absl::OkStatus();
}

absl::Status Plan() {
  ASSIGN_OR_RETURN(const LogOptions options, SplitFromFlags());
  const uint64_t split_bytes = absl::GetFlag(FLAGS_split_bytes);
  if (split_bytes == 0) return BadUsage("--split_bytes must be above 0");
  ASSIGN_OR_RETURN(const std::vector<LogSplit> splits, PlanSplits(options, split_bytes));
  for (const LogSplit& split : splits) {
    const std::string range =
        split.range.has_value() ? absl::StrCat(split.range->begin, "-", split.range->end) : std::string("all");
    std::cout << range << " " << absl::StrJoin(split.inputs, " ") << "\n";
  }
  return absl::OkStatus();
}

// For those who cut rows out of a table: which of its columns are to be taken.
absl::Status PrintColumns() {
  ASSIGN_OR_RETURN(const ColumnNames named, ParseColumns(absl::GetFlag(FLAGS_columns)));
  std::vector<std::string> names;
  for (std::string name; std::getline(std::cin, name);) names.push_back(name);
  const std::vector<absl::string_view> header(names.begin(), names.end());
  ASSIGN_OR_RETURN(const ColumnMap map, FindColumns(header, named));
  for (size_t role = 0; role < kRoles; ++role) {
    if (map.columns[role].has_value()) std::cout << kRoleNames[role] << " " << *map.columns[role] << "\n";
  }
  return absl::OkStatus();
}

absl::Status Read() {
  ASSIGN_OR_RETURN(const LogOptions log, SplitFromFlags());
  ASSIGN_OR_RETURN(const StageOptions options, OutputFromFlags());
  const uint32_t groups = absl::GetFlag(FLAGS_groups);
  if (groups == 0 || groups > kMostParts) return BadUsage(absl::StrCat("--groups: 1 to ", kMostParts));
  return ReadPart(log, groups, options);
}

absl::Status Dictionary() {
  ASSIGN_OR_RETURN(const std::vector<std::string> blocks, BlocksFromFlags("dictionary"));
  ASSIGN_OR_RETURN(const LogOptions log, LogOptionsFromFlags());
  ASSIGN_OR_RETURN(const StageOptions options, OutputFromFlags());
  return MergeDictionaryBlocks(blocks, absl::GetFlag(FLAGS_whole), log.max_bad_rows, options);
}

absl::Status Users() {
  ASSIGN_OR_RETURN(const std::string dictionary, Needed(FLAGS_dictionary, "dictionary"));
  ASSIGN_OR_RETURN(const std::vector<std::string> events, BlocksFromFlags("events"));
  ASSIGN_OR_RETURN(const MineOptions mine, MineOptionsFromFlags());
  ASSIGN_OR_RETURN(const PartOf part, PartFromFlags());
  ASSIGN_OR_RETURN(const StageOptions options, OutputFromFlags());
  return VisitUsers(dictionary, events, part.parts, mine, options);
}

absl::Status Count() {
  ASSIGN_OR_RETURN(const std::vector<std::string> records, BlocksFromFlags("records"));
  ASSIGN_OR_RETURN(const MineOptions mine, MineOptionsFromFlags());
  ASSIGN_OR_RETURN(const StageOptions options, OutputFromFlags());
  return CountPart(records, mine, options);
}

absl::Status Mined() {
  ASSIGN_OR_RETURN(const std::string dictionary, Needed(FLAGS_dictionary, "dictionary"));
  ASSIGN_OR_RETURN(const std::vector<std::string> counts, BlocksFromFlags("counts"));
  ASSIGN_OR_RETURN(const std::vector<std::string> reports, BlocksFromFlags("report"));
  ASSIGN_OR_RETURN(const StageOptions options, OutputFromFlags());
  return MergeCountBlocks(dictionary, counts, reports, options);
}

absl::Status Rank() {
  ASSIGN_OR_RETURN(const std::string dictionary, Needed(FLAGS_dictionary, "dictionary"));
  ASSIGN_OR_RETURN(const std::string mined, Needed(FLAGS_mined, "mined"));
  ASSIGN_OR_RETURN(const RankOptions rank, RankOptionsFromFlags());
  ASSIGN_OR_RETURN(const PartOf part, PartFromFlags());
  ASSIGN_OR_RETURN(const Resources resources, ResourcesFromFlags());
  ASSIGN_OR_RETURN(const StageOptions options, OutputFromFlags());
  return RankPart(dictionary, mined, rank, part, resources.threads, options);
}

// The lock is held from the beginning, so that a second build ends at once; where whoever asked for it goes, it goes.
absl::Status Publish() {
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(const BuildOptions options, BuildOptionsFromFlags());
  if (options.refit_weights) return BadUsage("--weights=auto: several machines learn none; give default, or numbers");
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexRootWriter> root, IndexRootWriter::Open(options.index_dir));
  ASSIGN_OR_RETURN(const IndexVersion version, root->NextVersion());
  const std::string folder = ShardsPath(*root, version);
  std::error_code error;
  if (!std::filesystem::create_directory(folder, error)) {
    return absl::InternalError(absl::StrCat(folder, ": cannot be made: ", error.message()));
  }
  std::cout << folder << std::endl;
  std::string line;
  uint32_t parts = 0;
  if (!std::getline(std::cin, line)) return absl::CancelledError("the build ended before its parts were complete");
  if (!absl::StartsWith(line, "publish ") || !absl::SimpleAtoi(line.substr(8), &parts)) {
    return BadUsage(absl::StrCat("\"publish PARTS\" was awaited, not \"", line, "\""));
  }
  Progress progress;
  const auto result = PublishShards(options, folder, parts, start, version, *root, progress);
  return result.ok() ? TellBuild(*result) : WithRemedy(result.status(), options.index_dir);
}

// For those who size a cluster; index/spark/kindred_build.py adds them up.
void TellUse(const std::string& stage) {
  std::cerr << absl::StrFormat("stage %s: %.2f s of processor time, %d MiB at most\n", stage,
                               absl::ToDoubleSeconds(ProcessorTime()), PeakMemoryBytes() >> 20);
}

absl::Status StageCommand(const Arguments& arguments) {
  static const auto* const stages = new std::map<std::string, absl::Status (*)()>{
      {"files", PrintFiles}, {"plan", Plan},   {"columns", PrintColumns}, {"read", Read}, {"dictionary", Dictionary},
      {"users", Users},      {"count", Count}, {"mined", Mined},          {"rank", Rank}, {"publish", Publish}};
  RETURN_IF_ERROR(NoMoreThan(arguments, 1));
  if (arguments.empty()) return BadUsage("stage NAME: which one? kindred-index stage --help lists them");
  const auto stage = stages->find(arguments[0]);
  if (stage == stages->end()) {
    return BadUsage(absl::StrCat("no stage \"", arguments[0], "\"; kindred-index stage --help lists them"));
  }
  RETURN_IF_ERROR(stage->second());
  TellUse(arguments[0]);
  return absl::OkStatus();
}

}  // namespace

Command MakeStageCommand() {
  return {"stage", kStageUsage,
          LogFlagsAnd({"index", "publish", "force", "blocks", "blocks_out", "dictionary", "mined", "groups", "parts",
                       "part", "byte_range", "split_bytes", "whole", "now_ms"}),
          StageCommand};
}

}  // namespace kindred
