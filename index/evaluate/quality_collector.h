// Asks every method the same held-out pairs and sorts what comes out into the report's slices.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/evaluate/baselines.h"
#include "index/evaluate/evaluation_report.h"
#include "index/evaluate/held_out.h"
#include "index/evaluate/replay.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/text/word_segmenter.h"

namespace kindred {

// One market of one cut: what was trained on, what was asked, what kindred answered. REQUIRES: `baselines`, nullptr
// where the collector has none, are of the sources of `held_out` and of kEvaluatedListSize; `replay` is of `held_out`;
// at least one thread.
struct MarketTrials {
  const EventTable& train;
  const MinedLog& mined;
  const std::vector<HeldOutPair>& held_out;
  const Replay& replay;
  const Baselines* baselines = nullptr;
  uint32_t threads = 1;
};

// Not thread-safe.
class QualityCollector {
 public:
  QualityCollector(std::unique_ptr<WordSegmenter> segmenter, bool baselines);

  // The report's examples are those of the last cut.
  void StartCut();
  // Adds a market's trials to the slices and to `cut`; the same for any number of threads.
  void Add(const MarketTrials& trials, EvaluationReport::Cut& cut);
  // Fills methods, slices and examples.
  void Finish(EvaluationReport& report);

 private:
  struct Source;
  size_t SliceOf(absl::string_view kind, const std::string& name);
  std::vector<size_t> SlicesOf(const NormalizedQuery& source, absl::string_view popularity);
  void AddSource(const Source& source, EvaluationReport::Cut& cut);
  void KeepExample(const Source& source);

  std::unique_ptr<WordSegmenter> segmenter_;
  const absl::Span<const Baseline> baselines_;
  std::vector<SliceQuality> slices_;
  std::vector<ExampleList> examples_;
};

}  // namespace kindred
