// Builds an index again whenever its log has grown.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "index/build/log_files.h"

namespace kindred {

struct WatchOptions {
  std::vector<std::string> inputs;  // As of ListLogFiles().
  absl::Duration window;            // Events of so long before a build take part.
  absl::Duration every;             // Builds begin no closer together than this.
};

// Remembers which files were built from, and starts a build where one came or changed. A file that is gone starts none,
// unless the last build failed: old ones are deleted one day or another. Not thread-safe: one build at a time.
class RebuildWatch {
 public:
  // Builds from `files`, events from `not_before` on. It tells of what it did by itself.
  //   Unavailable: try again later, whether anything changes or not.  Cancelled: the program is to end.  Other errors:
  //   try again when a file has changed or one of these is gone.
  using Build = std::function<absl::Status(const std::vector<std::string>& files, absl::Time not_before)>;
  enum class Outcome {
    kIdle,     // No file is new, or those that are were still changing.
    kTooSoon,  // There are new files, but the last build began less than `every` ago.
    kBuilt,
    kFailed,  // The build failed, or the files cannot be listed.
    kStopped  // The build was cancelled.
  };

  // `clock` outlives the watch.
  RebuildWatch(WatchOptions options, const Clock* clock, Build build)
      : options_(std::move(options)), clock_(clock), build_(std::move(build)) {}

  // Looks once. A file takes part when two looks in a row found it with the same size and time of change: one that is
  // being written is left for later. Logs each state once, not each look.
  Outcome PollOnce();

 private:
  Outcome BuildFrom(const std::vector<LogFile>& files, absl::Time now);
  void TellOnce(const std::string& problem);

  const WatchOptions options_;
  const Clock* const clock_;
  const Build build_;
  std::vector<LogFile> last_look_;  // By path.
  std::vector<LogFile> tried_;      // What the last build was given, by path.
  bool last_failed_ = false;
  std::optional<absl::Time> last_start_;
  std::string problem_;  // The last one that was told of, until it is over.
};

}  // namespace kindred
