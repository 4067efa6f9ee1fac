#include "index/build/progress.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/logging.h"

namespace kindred {
namespace {

constexpr double kLeastSeconds = 1e-3;  // A clock may stand still.

}  // namespace

Progress::Progress(Output output) : output_(output) {
  if (output_ == Output::kAuto) output_ = isatty(STDERR_FILENO) != 0 ? Output::kTerminal : Output::kLines;
  if (output_ == Output::kTerminal) drawer_ = std::thread([this] { DrawUntilStopped(); });
}

Progress::~Progress() {
  {
    const absl::MutexLock lock(&mutex_);
    stopped_ = true;
    Clear();
  }
  if (drawer_.joinable()) drawer_.join();
}

void Progress::Stage(absl::string_view name) {
  const absl::MutexLock lock(&mutex_);
  End("");
  stage_ = std::string(name);
  stage_start_ = absl::Now();
  state_ = {};
  if (output_ == Output::kTerminal) Draw();
}

void Progress::Update(uint64_t count, absl::string_view units, double share) {
  if (output_ != Output::kTerminal) return;
  const absl::MutexLock lock(&mutex_);
  const bool is_first = state_.count == 0;
  state_ = {count, std::string(units), share, std::max(StageSeconds(), kLeastSeconds)};
  if (is_first && count > 0) Draw();
}

void Progress::DrawUntilStopped() {
  const absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stopped_), absl::Milliseconds(200))) {
    if (!stage_.empty()) Draw();
  }
}

void Progress::Draw() {
  std::string line = absl::StrFormat("%s ...", stage_);
  if (state_.count > 0) {
    absl::StrAppendFormat(&line, " %d %s, %.0f/s", state_.count, state_.units,
                          static_cast<double>(state_.count) / state_.seconds);
  }
  if (state_.share > 0) {
    const double left = state_.seconds / state_.share - StageSeconds();
    absl::StrAppendFormat(&line, ", %.0f%%, %.0f s left", 100 * state_.share, left > 0 ? left : 0);
  } else if (StageSeconds() >= 1) {
    absl::StrAppendFormat(&line, " %.0f s", StageSeconds());
  }
  std::cerr << "\r\033[K" << line << std::flush;
  drawn_ = true;
}

void Progress::Clear() {
  if (drawn_) std::cerr << "\r\033[K" << std::flush;
  drawn_ = false;
}

void Progress::Done(absl::string_view summary) {
  const absl::MutexLock lock(&mutex_);
  End(summary);
}

void Progress::End(absl::string_view summary) {
  if (stage_.empty()) return;
  Clear();
  done_.push_back({std::exchange(stage_, ""), StageSeconds(), std::string(summary)});
  const StageTime& stage = done_.back();
  if (output_ == Output::kLog) {
    LogInfo("stage done",
            {{"stage", stage.name}, {"seconds", absl::StrFormat("%.2f", stage.seconds)}, {"result", stage.summary}});
  } else if (output_ != Output::kQuiet) {
    std::cerr << absl::StrFormat("%-8s %7.2f s  %s\n", stage.name, stage.seconds, stage.summary);
  }
}

std::vector<StageTime> Progress::stages() const {
  const absl::MutexLock lock(&mutex_);
  std::vector<StageTime> stages = done_;
  if (!stage_.empty()) stages.push_back({stage_, StageSeconds(), ""});
  return stages;
}

double Progress::StageSeconds() const { return absl::ToDoubleSeconds(absl::Now() - stage_start_); }

}  // namespace kindred
