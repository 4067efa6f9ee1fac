#include "index/rank/pair_signals.h"

#include <cmath>

#include "index/rank/natural_log.h"

namespace kindred {
namespace {

// Constants of the formula. Each was varied by a factor of 2.5 or more either way: hit@10 moved by at most .002. So
// did MRR@10, but for a walk floor (in the header) of 1e-3, which cost .006.
constexpr double kTokenBackOff = 8;
constexpr double kPopularityBackOff = 20;
constexpr double kRecentShare = .9;
constexpr double kFollowUpPrior = 10;  // Searches.

using Block = SignalColumns::Block;
using Lanes = SignalColumns::Lanes;

// Inlined, so that it is compiled once for each kind of machine. Nothing is summed across a vector, so its width does
// not change a bit.
[[gnu::always_inline]] inline void ScoreInline(absl::Span<Block> blocks, const Signals& weights) {
  for (Block& block : blocks) {
    for (const Signal signal : {kPair, kToken, kWalk1, kWalk2, kNext, kCoClick}) {
      Lanes& lanes = block.signals[signal];
      for (size_t i = 0; i < SignalColumns::kLanes; ++i) lanes[i] = NaturalLog(lanes[i]);
    }
    block.signals[kJaccard] /= block.words - block.signals[kJaccard];
    Lanes scores = block.signals[0] * weights[0];
    for (size_t i = 1; i < kSignalCount; ++i) scores += block.signals[i] * weights[i];
    block.scores = scores;
  }
}

void Score(absl::Span<Block> blocks, const Signals& weights) { ScoreInline(blocks, weights); }

// A run-time choice by hand: the compiler's own (target_clones) resolves before a sanitizer is ready for it.
#if defined(__x86_64__)
__attribute__((target("avx2"))) void ScoreAvx2(absl::Span<Block> blocks, const Signals& weights) {
  ScoreInline(blocks, weights);
}

auto BestScore() { return __builtin_cpu_supports("avx2") ? ScoreAvx2 : Score; }
#else
auto BestScore() { return Score; }
#endif

}  // namespace

double PopularityOf(const QueryCounts& counts, const LogTotals& totals) {
  return kRecentShare * counts.recent / totals.recent + (1 - kRecentShare) * counts.searches / totals.searches;
}

float RecentOf(double popularity, const LogTotals& totals) {
  return static_cast<float>(std::log(popularity * totals.queries));
}

float FollowUpOf(const QueryCounts& counts, const LogTotals& totals) {
  if (totals.followups == 0) return 0;
  const double usual = totals.followups / totals.searches;
  return static_cast<float>(
      std::log((counts.followups + kFollowUpPrior * usual) / ((counts.searches + kFollowUpPrior) * usual)));
}

void SignalColumns::Start(const SourceSums& source, size_t capacity) {
  const double prior = kPopularityBackOff * source.idf;
  token_prior_ = static_cast<float>(prior);
  token_weight_ = static_cast<float>(kTokenBackOff / (source.pool_users + prior));
  words_ = source.words;
  size_ = 0;
  const size_t blocks = (capacity + kLanes - 1) / kLanes;
  if (blocks_.size() < blocks) blocks_.resize(blocks);
}

absl::Span<Block> SignalColumns::FilledUp() {
  for (size_t i = size_; i % kLanes != 0; ++i) {
    Block& block = blocks_[i / kLanes];
    for (Lanes& lanes : block.signals) lanes[i % kLanes] = 1;
    block.words[i % kLanes] = 2;
  }
  return absl::MakeSpan(blocks_.data(), (size_ + kLanes - 1) / kLanes);
}

Signals SignalColumns::signals(size_t i) const {
  const Block& block = blocks_[i / kLanes];
  Signals signals;
  for (size_t signal = 0; signal < signals.size(); ++signal) signals[signal] = block.signals[signal][i % kLanes];
  return signals;
}

void SignalColumns::FinishPortably(const Signals& weights) { Score(FilledUp(), weights); }

void SignalColumns::Finish(const Signals& weights) {
  static const auto score = BestScore();
  score(FilledUp(), weights);
}

}  // namespace kindred
