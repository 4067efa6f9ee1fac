#include "index/rank/pair_signals.h"

#include <algorithm>
#include <array>
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

using Columns = std::array<float*, kSignalCount>;

// Inlined, so that it is compiled once for each kind of machine. `size` is a multiple of 8: no loop has a rest. Nothing
// is summed across a vector, so the width does not change a bit.
[[gnu::always_inline]] inline void ScoreColumnsInline(const Columns& columns, const Signals& weights, size_t size,
                                                      float* scores) {
  size = size / 8 * 8;
  for (const Signal signal : {kPair, kToken, kWalk1, kWalk2, kNext, kCoClick}) {
    float* const column = columns[signal];
    for (size_t i = 0; i < size; ++i) column[i] = NaturalLog(column[i]);
  }
  // The shared words of so many, where scores hold both queries' words.
  for (size_t i = 0; i < size; ++i) columns[kJaccard][i] /= scores[i] - columns[kJaccard][i];
  for (size_t i = 0; i < size; ++i) scores[i] = columns[0][i] * weights[0];
  for (size_t signal = 1; signal < kSignalCount; ++signal) {
    const float* const __restrict column = columns[signal];
    float* const __restrict sums = scores;
    const float weight = weights[signal];
    for (size_t i = 0; i < size; ++i) sums[i] += column[i] * weight;
  }
}

void ScoreColumns(const Columns& columns, const Signals& weights, size_t size, float* scores) {
  ScoreColumnsInline(columns, weights, size, scores);
}

// A run-time choice by hand: the compiler's own (target_clones) resolves before a sanitizer is ready for it.
#if defined(__x86_64__)
__attribute__((target("avx2"))) void ScoreColumnsAvx2(const Columns& columns, const Signals& weights, size_t size,
                                                      float* scores) {
  ScoreColumnsInline(columns, weights, size, scores);
}

auto BestScoreColumns() { return __builtin_cpu_supports("avx2") ? ScoreColumnsAvx2 : ScoreColumns; }
#else
auto BestScoreColumns() { return ScoreColumns; }
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
  room_ = (capacity + kVector - 1) / kVector * kVector;
  if (scores_.size() >= room_) return;
  columns_.resize(kSignalCount * room_);
  scores_.resize(room_);
}

SignalColumns::Columns SignalColumns::Padded(absl::Span<const uint32_t> shared_words) {
  for (size_t i = 0; i < size_; ++i)
    columns_[kJaccard * room_ + i] = static_cast<float>(static_cast<int32_t>(shared_words[i]));
  padded_ = (size_ + kVector - 1) / kVector * kVector;
  Columns columns;
  for (size_t signal = 0; signal < columns.size(); ++signal) {
    columns[signal] = columns_.data() + signal * room_;
    std::fill(columns[signal] + size_, columns[signal] + padded_, 1.f);
  }
  std::fill(scores_.begin() + static_cast<std::ptrdiff_t>(size_),
            scores_.begin() + static_cast<std::ptrdiff_t>(padded_), 2.f);
  return columns;
}

Signals SignalColumns::signals(size_t i) const {
  Signals signals;
  for (size_t signal = 0; signal < signals.size(); ++signal) signals[signal] = columns_[signal * room_ + i];
  return signals;
}

void SignalColumns::FinishPortably(absl::Span<const uint32_t> shared_words, const Signals& weights) {
  const Columns columns = Padded(shared_words);
  ScoreColumns(columns, weights, padded_, scores_.data());
}

void SignalColumns::Finish(absl::Span<const uint32_t> shared_words, const Signals& weights) {
  static const auto score = BestScoreColumns();
  const Columns columns = Padded(shared_words);
  score(columns, weights, padded_, scores_.data());
}

}  // namespace kindred
