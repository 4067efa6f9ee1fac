#include "index/build/progress.h"

#include <unistd.h>

#include <iostream>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace kindred {

Progress::Progress(Output output) : output_(output) {
  if (output_ == Output::kAuto) output_ = isatty(STDERR_FILENO) != 0 ? Output::kTerminal : Output::kLines;
}

Progress::~Progress() { Clear(); }

void Progress::Stage(absl::string_view name) {
  if (!stage_.empty()) Done("");
  stage_ = std::string(name);
  stage_start_ = absl::Now();
  last_draw_ = absl::InfinitePast();
  Update(0, 0, "");
}

void Progress::Update(uint64_t done, uint64_t all, absl::string_view units) {
  if (output_ != Output::kTerminal || absl::Now() - last_draw_ < absl::Milliseconds(200)) return;
  last_draw_ = absl::Now();
  const double seconds = absl::ToDoubleSeconds(last_draw_ - stage_start_);
  std::string line = absl::StrFormat("%s ...", stage_);
  if (done > 0) absl::StrAppendFormat(&line, " %d %s, %.0f/s", done, units, static_cast<double>(done) / seconds);
  if (done > 0 && all > 0) {
    const double share = static_cast<double>(done) / static_cast<double>(all);
    absl::StrAppendFormat(&line, ", %.0f%%, %.0f s left", 100 * share, seconds / share - seconds);
  }
  std::cerr << "\r\033[K" << line << std::flush;
  drawn_ = true;
}

void Progress::Clear() {
  if (drawn_) std::cerr << "\r\033[K" << std::flush;
  drawn_ = false;
}

void Progress::Done(absl::string_view summary) {
  if (stage_.empty()) return;
  Clear();
  done_.push_back({stage_, StageSeconds(), std::string(summary)});
  if (output_ != Output::kQuiet) {
    std::cerr << absl::StrFormat("%-8s %7.2f s  %s\n", stage_, done_.back().seconds, summary);
  }
  stage_.clear();
}

std::vector<StageTime> Progress::stages() const {
  std::vector<StageTime> stages = done_;
  if (!stage_.empty()) stages.push_back({stage_, StageSeconds(), ""});
  return stages;
}

double Progress::StageSeconds() const { return absl::ToDoubleSeconds(absl::Now() - stage_start_); }

}  // namespace kindred
