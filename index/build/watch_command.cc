#include "index/build/watch_command.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/logging.h"
#include "common/program.h"
#include "common/shutdown_signal.h"
#include "common/status_macros.h"
#include "index/build/build_command.h"
#include "index/build/build_index.h"
#include "index/build/isolated_work.h"
#include "index/build/log_flags.h"
#include "index/build/rebuild_watch.h"
#include "index/build/version_commands.h"
#include "index/store/files.h"

ABSL_FLAG(absl::Duration, every, absl::Minutes(10), "builds begin no closer together than this");
ABSL_FLAG(std::string, window, "90d", "events of so long before a build take part: 90d, 36h; inf: all");
ABSL_FLAG(absl::Duration, poll, absl::Seconds(2),
          "how often to look for new files; two looks must find a file unchanged before it is read");
ABSL_FLAG(std::string, log_format, "text", "format of the log on standard error: text or json");

namespace kindred {
namespace {

constexpr char kWatchUsage[] =
    R"(watch --input 'logs/*.ndjson.gz' --index DIR [--every 10m] [--window 90d] [--keep 3]

Builds a new version whenever log files come or change, from the events of the window, and publishes it unless it is
worse than the active one (then it is kept, and the log says why). --input takes files, folders and globs (in quotes),
with commas between. Write a file under a name that begins with a dot or ends in .tmp or .part, then rename it: such
names are not read, nor is a file that is still growing, nor one that was last written before the window, nor one
whose name, or folder within --input, has a date more than a month before it. Weights are learned anew once a day. A build that fails is tried
again when a file has changed or gone; one for want of memory, room or rights after --every. Old versions are pruned.
SIGTERM, SIGHUP and Ctrl-C abandon a build and end the program, exit status 0; the active version stays as it is.)";

// Chosen, not measured: a day is a ninetieth of the default window. To fit weights mines the log twice more.
constexpr absl::Duration kMaxWeightsAge = absl::Hours(24);

// Of the process that builds.
enum ChildExit { kExitDone = 0, kExitFailed = 1, kExitTryLater = 4 };

void TellOf(const BuildResult& result) {
  LogFields fields = {{"version", absl::StrCat(result.info.version())},
                      {"events", absl::StrCat(result.info.log().events())},
                      {"rows", absl::StrCat(result.info.rows())},
                      {"seconds", absl::StrFormat("%.1f", result.info.build_seconds())},
                      {"memory_bytes", absl::StrCat(result.info.peak_memory_bytes())}};
  for (const index::v1::QualityFigure& figure : result.info.quality()) {
    if (figure.name() == "hit@10") fields.emplace_back("hit@10", absl::StrFormat("%.3f", figure.value()));
  }
  if (!result.refusal.has_value()) return LogInfo("published", fields);
  fields.emplace_back("why", *result.refusal);
  LogWarning("kept, not published", fields);
}

// In the process that builds. The caller tells of the end of one that could not.
int BuildAndTell(const BuildOptions& options) {
  Progress progress(isatty(STDERR_FILENO) != 0 ? Progress::Output::kTerminal : Progress::Output::kLog);
  const absl::StatusOr<BuildResult> result = BuildIndex(options, progress);
  if (result.ok()) {
    TellOf(*result);
    return kExitDone;
  }
  LogError("cannot build", {{"reason", std::string(result.status().message())}});
  // A disk may have room again, and a folder its rights, without a change of the log.
  const bool may_pass = absl::IsUnavailable(result.status()) || absl::IsResourceExhausted(result.status()) ||
                        absl::IsPermissionDenied(result.status());
  return may_pass ? kExitTryLater : kExitFailed;
}

absl::Status PruneOld(const std::string& index_dir, int keep) {
  ASSIGN_OR_RETURN(const auto root, IndexRootWriter::Open(index_dir));
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> pruned, root->Prune(keep));
  if (!pruned.empty()) LogInfo("pruned", {{"versions", absl::StrJoin(pruned, " ")}});
  return absl::OkStatus();
}

absl::Status BuildOnce(BuildOptions options, int keep) {
  const absl::StatusOr<int> exit = RunIsolated([&] { return BuildAndTell(options); });
  if (absl::IsCancelled(exit.status())) {
    // Opening the root removes what the build left behind.
    const absl::Status cleared = IndexRootWriter::Open(options.index_dir).status();
    LogInfo("build abandoned", {{"leftovers", cleared.ok() ? "removed" : std::string(cleared.message())}});
  }
  RETURN_IF_ERROR(exit.status());
  if (*exit == kExitTryLater) return absl::UnavailableError("no version was made; the line before says why");
  if (*exit != kExitDone) return absl::InternalError("no version was made; the line before says why");
  if (const absl::Status pruned = PruneOld(options.index_dir, keep); !pruned.ok()) {
    LogWarning("cannot prune", {{"reason", std::string(pruned.message())}});
  }
  return absl::OkStatus();
}

// Held for as long as it lives. FailedPrecondition: another watch holds it.
absl::StatusOr<FileDescriptor> LockAgainstOthers(const std::string& index_dir) {
  const std::string path = absl::StrCat(index_dir, "/.WATCH");
  ASSIGN_OR_RETURN(FileDescriptor lock, OpenFile(path, O_RDWR | O_CREAT));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return ErrnoStatus(errno, path);
  return absl::FailedPreconditionError(
      absl::StrCat(index_dir, ": another watch publishes here; stop it first, or give --index another folder"));
}

absl::StatusOr<WatchOptions> WatchOptionsFromFlags(const LogOptions& log) {
  WatchOptions options;
  options.inputs = log.inputs;
  for (const std::string& input : options.inputs) {
    if (input == "-") return BadUsage("--input -: watch needs files; standard input ends only once");
  }
  options.every = absl::GetFlag(FLAGS_every);
  if (options.every < absl::ZeroDuration()) return BadUsage("--every must not be below 0");
  const auto window = ParseWindow(absl::GetFlag(FLAGS_window));
  if (!window.ok()) return BadUsage(absl::StrCat("--window=", window.status().message()));
  options.window = *window;
  return options;
}

absl::Status WatchCommand(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  ASSIGN_OR_RETURN(BuildOptions build, BuildOptionsFromFlags());
  build.publish = true;  // A flagfile may say otherwise, for build.
  build.force = false;
  build.max_weights_age = kMaxWeightsAge;
  build.baselines = false;
  ASSIGN_OR_RETURN(const WatchOptions options, WatchOptionsFromFlags(build.log));
  ASSIGN_OR_RETURN(const int keep, VersionsToKeep());
  const absl::Duration poll = absl::GetFlag(FLAGS_poll);
  if (poll <= absl::ZeroDuration()) return BadUsage("--poll must be above 0");
  if (const auto logging = InitLogging(absl::GetFlag(FLAGS_log_format), "info"); !logging.ok()) {
    return BadUsage(logging.message());
  }
  // What no later build would mend. Another process that builds just now is no reason not to begin.
  if (const auto root = IndexRootWriter::Open(build.index_dir); !root.ok() && !absl::IsUnavailable(root.status())) {
    return root.status();
  }
  ASSIGN_OR_RETURN(const FileDescriptor alone, LockAgainstOthers(build.index_dir));
  BlockShutdownSignals();
  const SystemClock clock;
  RebuildWatch watch(options, &clock, [&](const std::vector<std::string>& files, absl::Time not_before) {
    build.log.inputs = files;
    build.log.not_before = not_before;
    build.log.now = clock.Now();
    return BuildOnce(build, keep);
  });
  LogInfo("watching", {{"input", absl::StrJoin(options.inputs, ",")},
                       {"index", build.index_dir},
                       {"every", absl::FormatDuration(options.every)},
                       {"window", absl::GetFlag(FLAGS_window)}});
  while (watch.PollOnce() != RebuildWatch::Outcome::kStopped && !WaitForShutdownSignal(poll).has_value()) {
  }
  LogInfo("stopped");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<absl::Duration> ParseWindow(absl::string_view text) {
  absl::Duration window;
  absl::string_view days = text;
  if (double count = 0; absl::ConsumeSuffix(&days, "d") && absl::SimpleAtod(days, &count) && std::isfinite(count)) {
    window = count * absl::Hours(24);
  } else if (!absl::ParseDuration(text, &window)) {
    return absl::InvalidArgumentError(absl::StrCat(text, ": give a time such as 90d or 36h"));
  }
  if (!(window > absl::ZeroDuration())) return absl::InvalidArgumentError(absl::StrCat(text, ": must be above 0"));
  return window;
}

Command MakeWatchCommand() {
  return {"watch", kWatchUsage, LogFlagsAnd({"index", "measure", "every", "window", "poll", "keep", "log_format"}),
          WatchCommand};
}

}  // namespace kindred
