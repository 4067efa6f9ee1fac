// kindred-index: builds, measures and keeps the versions of an index of related keywords.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/synchronization/mutex.h"
#include "common/commands.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/build/build_command.h"
#include "index/build/evaluate_command.h"
#include "index/build/history_command.h"
#include "index/build/mine_command.h"
#include "index/build/sample_log.h"
#include "index/build/stage_command.h"
#include "index/build/version_commands.h"
#include "index/build/watch_command.h"

ABSL_FLAG(uint64_t, rows, 100000, "rows to write");
ABSL_FLAG(uint64_t, seed, 1, "equal seeds give equal logs");

namespace kindred {
namespace {

constexpr char kUsage[] =
    R"(builds and keeps indexes of related keywords.

  kindred-index COMMAND [--flag=value ...]

  sample    --rows 100000 --seed 1 > log.tsv     write a synthetic shop log, for trials and benchmarks
  build     --input log.tsv.gz --index DIR       mine, rank, measure, publish a new version
  mine      --input log.tsv.gz --output counts.tsv.zst   the counts of pairs of queries alone, for analysts
  watch     --input 'logs/*.gz' --index DIR      build again whenever log files come, publish what is no worse
  evaluate  --input log.tsv.gz --cuts 4 --report report.html   quality on held-out sessions, beside simple baselines
  evaluate  --input later.log --index DIR [VERSION]   quality of a kept version on a later log, which history keeps
  list      --index DIR [VERSION]                the versions, their size, quality and content checksum; or one, and
                                                 how it did beside the version before it
  history   --index DIR [--report FILE.html]     quality by version and by age; how often to rebuild
  publish   --index DIR VERSION                  make a version the active one
  rollback  --index DIR                          go back to the version that was active before
  verify    --index DIR [VERSION]                read every byte of a version and check it
  prune     --index DIR --keep 3                 delete old versions, never the active one
  inspect   --index DIR "gears of war" [VERSION] a query's stored keywords, with the evidence behind each
  stage     NAME ...                             what index/spark/kindred_build.py runs: docs/scale.md

kindred-index COMMAND --help tells a command's flags. Servers follow DIR by themselves.
Exit status: 0 done, 1 failed, 2 bad usage, 3 built but not published.)";

absl::Status Sample(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  std::ios::sync_with_stdio(false);
  const absl::Status status =
      WriteSampleLog({.rows = absl::GetFlag(FLAGS_rows), .seed = absl::GetFlag(FLAGS_seed)}, std::cout);
  return absl::IsInvalidArgument(status) ? BadUsage(status.message()) : status;
}

std::vector<Command> AllCommands() {
  std::vector<Command> commands = {
      {"sample",
       "sample --rows 100000 --seed 1 > log.tsv\n\nWrites a synthetic shop log, for trials and benchmarks.",
       {"rows", "seed"},
       Sample},
      MakeBuildCommand(),
      MakeMineCommand(),
      MakeEvaluateCommand()};
  for (const Command& command : MakeVersionCommands()) commands.push_back(command);
  commands.push_back(MakeHistoryCommand());
  commands.push_back(MakeWatchCommand());
  commands.push_back(MakeStageCommand());
  return commands;
}

}  // namespace
}  // namespace kindred

int main(int argc, char** argv) {
  kindred::OnOutOfMemory([] {
    std::fputs("kindred-index: out of memory: allow it more, or where it reads a log, name a smaller --memory_budget\n",
               stderr);
    std::_Exit(1);
  });
  // Debian builds Abseil with checks of every lock's order, which cost more than the locks.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return kindred::RunCommands(kindred::kUsage, kindred::AllCommands(), argc, argv);
}
