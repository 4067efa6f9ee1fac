#include "index/build/rebuild_watch.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/logging.h"

namespace kindred {
namespace {

// Whether `files`, which ascend by path, hold this very state of the file.
bool Holds(const std::vector<LogFile>& files, const LogFile& file) {
  const auto at = std::lower_bound(files.begin(), files.end(), file,
                                   [](const LogFile& x, const LogFile& y) { return x.path < y.path; });
  return at != files.end() && *at == file;
}

}  // namespace

RebuildWatch::Outcome RebuildWatch::PollOnce() {
  const absl::Time now = clock_->Now();
  absl::StatusOr<std::vector<LogFile>> files = ListLogFiles(options_.inputs);
  if (!files.ok()) {
    TellOnce(std::string(files.status().message()));
    return Outcome::kFailed;
  }
  const auto is_old = [&](const LogFile& file) { return !MayHoldEventsSince(file, now - options_.window); };
  std::vector<LogFile> settled;
  std::copy_if(files->begin(), files->end(), std::back_inserter(settled),
               [&](const LogFile& file) { return Holds(last_look_, file) && !is_old(file); });
  last_look_ = *std::move(files);
  if (last_look_.empty()) {
    TellOnce(absl::StrCat("no file of ", absl::StrJoin(options_.inputs, ", "), " yet"));
  } else if (std::all_of(last_look_.begin(), last_look_.end(), is_old)) {
    TellOnce(absl::StrCat("each of ", last_look_.size(),
                          " files is from before the window by its name or by when it was "
                          "last written, as ",
                          last_look_.back().path, " is; a longer --window reads older ones"));
  } else {
    problem_.clear();
  }
  // A file that is gone starts no build, unless it may be what the last one failed by.
  const bool all_tried =
      std::all_of(settled.begin(), settled.end(), [&](const LogFile& file) { return Holds(tried_, file); });
  const bool culprit_gone = last_failed_ && std::any_of(tried_.begin(), tried_.end(),
                                                        [&](const LogFile& file) { return !Holds(last_look_, file); });
  if (settled.empty() || (all_tried && !culprit_gone)) return Outcome::kIdle;
  if (last_start_.has_value() && now - *last_start_ < options_.every) return Outcome::kTooSoon;
  return BuildFrom(settled, now);
}

RebuildWatch::Outcome RebuildWatch::BuildFrom(const std::vector<LogFile>& files, absl::Time now) {
  const absl::Time not_before = now - options_.window;
  const auto is_old = [&](const LogFile& file) { return !MayHoldEventsSince(file, not_before); };
  uint64_t bytes = 0;
  std::vector<std::string> paths;
  for (const LogFile& file : files) {
    paths.push_back(file.path);
    bytes += file.bytes;
  }
  LogInfo("building", {{"files", absl::StrCat(files.size())},
                       {"bytes", absl::StrCat(bytes)},
                       {"left_out", absl::StrCat(std::count_if(last_look_.begin(), last_look_.end(), is_old))},
                       {"not_before", not_before == absl::InfinitePast()
                                          ? "none"
                                          : absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", not_before, absl::UTCTimeZone())}});
  tried_ = files;
  last_start_ = now;
  const absl::Status status = build_(paths, not_before);
  last_failed_ = !status.ok();
  if (status.ok()) return Outcome::kBuilt;
  if (absl::IsCancelled(status)) return Outcome::kStopped;
  const bool again = absl::IsUnavailable(status);
  if (again) tried_.clear();
  LogError("build failed", {{"error", std::string(status.message())},
                            {"next_try", again ? absl::StrCat("in ", absl::FormatDuration(options_.every))
                                               : "when a file has changed or gone"}});
  return Outcome::kFailed;
}

void RebuildWatch::TellOnce(const std::string& problem) {
  if (problem != problem_) LogWarning("waiting for files", {{"reason", problem}});
  problem_ = problem;
}

}  // namespace kindred
