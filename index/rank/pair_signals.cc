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

using Columns = std::array<float*, kSignalCount>;

Columns Pointers(std::array<std::vector<float>, kSignalCount>& columns) {
  Columns pointers;
  for (size_t i = 0; i < columns.size(); ++i) pointers[i] = columns[i].data();
  return pointers;
}

// Inlined, so that it is compiled once for each kind of machine. `size` is a multiple of 8: no loop has a rest. Nothing
// is summed across a vector, so the width does not change a bit.
[[gnu::always_inline]] inline void ScoreColumnsInline(const Columns& columns, const Signals& weights, size_t size,
                                                      float* scores) {
  size = size / 8 * 8;
  for (const Signal signal : {kPair, kToken, kWalk1, kWalk2, kNext, kCoClick}) {
    float* const column = columns[signal];
    for (size_t i = 0; i < size; ++i) column[i] = NaturalLog(column[i]);
  }
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
  const size_t room = (capacity + kVector - 1) / kVector * kVector;
  if (scores_.size() >= room) return;
  for (std::vector<float>& column : columns_) column.resize(room);
  scores_.resize(room);
}

void SignalColumns::Pad() {
  padded_ = (size_ + kVector - 1) / kVector * kVector;
  for (std::vector<float>& column : columns_) {
    for (size_t i = size_; i < padded_; ++i) column[i] = 1;
  }
}

Signals SignalColumns::signals(size_t i) const {
  Signals signals;
  for (size_t signal = 0; signal < signals.size(); ++signal) signals[signal] = columns_[signal][i];
  return signals;
}

void SignalColumns::FinishPortably(const Signals& weights) {
  Pad();
  ScoreColumns(Pointers(columns_), weights, padded_, scores_.data());
}

void SignalColumns::Finish(const Signals& weights) {
  Pad();
  static const auto score = BestScoreColumns();
  score(Pointers(columns_), weights, padded_, scores_.data());
}

}  // namespace kindred
