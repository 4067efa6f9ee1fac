// Tells a person at a terminal, or a log file, how a long job is getting on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kindred {

// A stage of the job.
struct StageTime {
  std::string name;
  double seconds = 0;
  std::string summary;
};

// On a terminal one line that updates itself a few times a second; elsewhere one line when a stage is done. Writes to
// standard error. Not thread-safe.
class Progress {
 public:
  enum class Output { kAuto, kQuiet, kLines, kTerminal };
  // kAuto: kTerminal where standard error is one, else kLines.
  explicit Progress(Output output = Output::kAuto);
  ~Progress();  // Wipes a line that is still being drawn, so that an error stands on its own.
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Ends the stage before, if any.
  void Stage(absl::string_view name);
  // How far the stage is: `done` of `all` units; all of 0: unknown.
  void Update(uint64_t done, uint64_t all, absl::string_view units);
  // Ends the last stage; `summary` says what came of it.
  void Done(absl::string_view summary);
  // Those that are done, and the one that runs, so far: in the order in which they began.
  std::vector<StageTime> stages() const;

 private:
  void Clear();

  double StageSeconds() const;

  Output output_;
  std::vector<StageTime> done_;
  std::string stage_;
  absl::Time stage_start_;
  absl::Time last_draw_;
  bool drawn_ = false;
};

}  // namespace kindred
