#include "index/build/mine_command.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/build/load_log.h"
#include "index/build/log_flags.h"
#include "index/build/output_file.h"
#include "index/rank/ordered_blocks.h"

ABSL_FLAG(std::string, output, "-", "file to write; .zst at its end compresses it; - is standard output");
ABSL_FLAG(bool, across_sessions, false,
          "also count pairs that a user searched in different sessions, of their 30 latest queries");

namespace kindred {
namespace {

constexpr char kMineUsage[] =
    R"(mine --input log.tsv.gz[,more...] --output counts.tsv.zst

Counts which queries people search together, and writes a line for each pair of at least --min_pair_users people:

  market  a  b           queries in normal form; a comes before b in byte order
  users                  people who searched both (in one session, unless --across_sessions)
  session_users          of these, people who searched both in one session
  sessions               sessions with both
  sessions_a_first       of these, sessions where a was searched first, or at the same time
  users_a  users_b       people who searched a, and b

Plain counts: nothing is left out for coming on one day only, as build leaves it out. Of a session its first 100
distinct queries count; how many sessions had more is told at the end.)";

constexpr absl::string_view kHeader =
    "market\ta\tb\tusers\tsession_users\tsessions\tsessions_a_first\tusers_a\tusers_b\n";
constexpr size_t kBlockPairs = 16 << 10;  // That one thread writes at a time.
constexpr size_t kAhead = 8;              // Pairs whose texts are brought into the cache before they are written.

// Lines of pairs [begin, end).
std::string CountsOf(const EventTable& table, const MinedLog& mined, size_t begin, size_t end) {
  constexpr size_t kMostDigits = 10, kNumbers = 6, kFields = kNumbers + 3;
  std::string block;
  char* at = block.data();
  const auto add_text = [&](absl::string_view text) {
    at = std::copy(text.begin(), text.end(), at);
    *at++ = '\t';
  };
  const auto add_number = [&](uint32_t number) {
    at = std::to_chars(at, at + kMostDigits, number).ptr;
    *at++ = '\t';
  };
  for (size_t i = begin; i < end; ++i) {
    const PairCounts& pair = mined.pairs[i];
    if (i + 2 * kAhead < end) {
      __builtin_prefetch(&table.queries[mined.pairs[i + 2 * kAhead].b]);
      __builtin_prefetch(&mined.counts[mined.pairs[i + 2 * kAhead].b]);
      __builtin_prefetch(table.queries[mined.pairs[i + kAhead].b].text().data());
    }
    const absl::string_view a = table.queries[pair.a].text(), b = table.queries[pair.b].text();
    const size_t most = table.market.size() + a.size() + b.size() + kNumbers * kMostDigits + kFields;
    const auto used = static_cast<size_t>(at - block.data());
    if (block.size() - used < most) {
      block.resize(2 * block.size() + most);
      at = block.data() + used;
    }
    for (const absl::string_view text : {absl::string_view(table.market), a, b}) add_text(text);
    for (const uint32_t number : {pair.users, pair.session_users, pair.sessions, pair.sessions_a_first,
                                  mined.counts[pair.a].users, mined.counts[pair.b].users}) {
      add_number(number);
    }
    at[-1] = '\n';
  }
  block.resize(static_cast<size_t>(at - block.data()));
  return block;
}

absl::Status WriteCounts(const EventTable& table, const MinedLog& mined, uint32_t threads, OutputFile& file) {
  const size_t pairs = mined.pairs.size();
  const auto make = [&](uint32_t /*worker*/, uint32_t block) -> absl::StatusOr<std::string> {
    const size_t begin = block * kBlockPairs;
    return CountsOf(table, mined, begin, std::min(pairs, begin + kBlockPairs));
  };
  const auto write = [&](const std::string& lines) { return file.Write(lines); };
  return RunBlocks<std::string>(static_cast<uint32_t>((pairs + kBlockPairs - 1) / kBlockPairs), threads, make, write);
}

absl::Status MineCommand(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  ASSIGN_OR_RETURN(const LogOptions log_options, LogOptionsWithFiles());
  ASSIGN_OR_RETURN(MineOptions options, MineOptionsFromFlags());
  ASSIGN_OR_RETURN(const Resources resources, ResourcesFromFlags());
  options.pairs.across_sessions = absl::GetFlag(FLAGS_across_sessions);
  options.pairs.max_user_sessions = 0;
  options.max_wanted_days = 1;
  options.pairs.count_next = false;
  options.pairs_only = true;
  const std::string output = absl::GetFlag(FLAGS_output);
  for (const char* other : {".gz", ".bz2", ".xz", ".zip", ".parquet"}) {
    if (!absl::EndsWith(output, other)) continue;
    return BadUsage(absl::StrCat("--output ", output, ": mine writes TSV, compressed where the name ends in .zst"));
  }
  for (const std::string& input : log_options.inputs) {
    std::error_code error;                                        // Of a file that is not there yet.
    if (!std::filesystem::is_regular_file(output, error)) break;  // Of a terminal both may be.
    if (!std::filesystem::equivalent(input == "-" ? "/dev/stdin" : input, output, error)) continue;
    return BadUsage(absl::StrCat("--output ", output, ": is a file of the log; name another"));
  }
  RETURN_IF_ERROR(OutputFile::CheckWritable(output));
  Progress progress;
  ASSIGN_OR_RETURN(LoadedLog log, LoadLog(log_options, resources, progress, TableDetail::kQueries));
  ASSIGN_OR_RETURN(const std::unique_ptr<OutputFile> file, OutputFile::Create(output));
  RETURN_IF_ERROR(file->Write(kHeader));
  uint64_t searches = 0, pairs = 0, robots = 0, half_typed = 0, cut = 0;
  for (EventTable& table : log.markets) {
    progress.Stage("mine");
    const auto tell = [&](double share) { progress.Update(share, table.events(), "events"); };
    ASSIGN_OR_RETURN(const MinedLog mined, MineAndForget(table, options, tell));
    searches += mined.report.searches;
    pairs += mined.pairs.size();
    robots += mined.report.robot_events;
    half_typed += mined.report.half_typed;
    cut += mined.report.pairs.sessions_over_cap;
    const std::string market = table.market.empty() ? "" : absl::StrCat("market \"", table.market, "\": ");
    progress.Done(absl::StrCat(market, mined.report.searches, " searches, ", mined.pairs.size(), " pairs"));
    progress.Stage("write");
    RETURN_IF_ERROR(WriteCounts(table, mined, options.threads, *file));
  }
  RETURN_IF_ERROR(file->Finish());
  progress.Done(absl::StrCat(searches, " searches, ", pairs, " pairs in all"));
  if (robots > 0) std::cerr << "left out: robot: " << robots << " events\n";
  if (half_typed > 0) std::cerr << "left out: half-typed: " << half_typed << " searches\n";
  if (cut > 0) std::cerr << "caps cut: " << cut << " sessions, to their first queries (mine --help)\n";
  std::cerr << FormatRows(log) << FormatMemory(log, resources);
  return absl::OkStatus();
}

}  // namespace

Command MakeMineCommand() { return {"mine", kMineUsage, MineFlagsAnd({"output", "across_sessions"}), MineCommand}; }

}  // namespace kindred
