// Tells a person at a terminal, or a log file, how a long job is getting on.
#pragma once

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace kindred {

// A stage of the job.
struct StageTime {
  std::string name;
  double seconds = 0;
  std::string summary;
};

// On a terminal one line that draws itself anew a few times a second; elsewhere one line when a stage is done. Writes
// to standard error. For one thread, beside the one that draws.
class Progress {
 public:
  enum class Output { kAuto, kQuiet, kLines, kLog, kTerminal };
  // kAuto: kTerminal where standard error is one, else kLines. kLog: as kLines, but by LogInfo().
  explicit Progress(Output output = Output::kAuto);
  ~Progress();  // Wipes a line that is still being drawn, so that an error stands on its own.
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Ends the stage before, if any.
  void Stage(absl::string_view name) ABSL_LOCKS_EXCLUDED(mutex_);
  // How far the stage is: so many units, and which share of all work, 0 to 1; 0: unknown.
  void Update(uint64_t count, absl::string_view units, double share) ABSL_LOCKS_EXCLUDED(mutex_);
  // The same where as many units are done as the share says.
  void Update(double share, uint64_t all, absl::string_view units) ABSL_LOCKS_EXCLUDED(mutex_) {
    Update(static_cast<uint64_t>(share * static_cast<double>(all)), units, share);
  }
  // The same where nobody counts.
  void Update(double share) ABSL_LOCKS_EXCLUDED(mutex_) { Update(0, "", share); }
  // Ends the last stage; `summary` says what came of it.
  void Done(absl::string_view summary) ABSL_LOCKS_EXCLUDED(mutex_);
  // Those that are done, and the one that runs, so far: in the order in which they began.
  std::vector<StageTime> stages() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void End(absl::string_view summary) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Draw() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Clear() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DrawUntilStopped() ABSL_LOCKS_EXCLUDED(mutex_);
  double StageSeconds() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  Output output_;
  mutable absl::Mutex mutex_;
  std::vector<StageTime> done_ ABSL_GUARDED_BY(mutex_);
  std::string stage_ ABSL_GUARDED_BY(mutex_);  // Empty: none runs.
  absl::Time stage_start_ ABSL_GUARDED_BY(mutex_);
  struct State {
    uint64_t count = 0;
    std::string units;
    double share = 0, seconds = 0;  // Since the stage began.
  };
  State state_ ABSL_GUARDED_BY(mutex_);  // As of the last Update().
  bool drawn_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread drawer_;  // Where there is a terminal.
};

}  // namespace kindred
