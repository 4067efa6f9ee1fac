#include "index/evaluate/ranking_metrics.h"

#include <cmath>

namespace kindred {
namespace {

constexpr uint32_t kMissed = UINT32_MAX;

double One(double) { return 1; }
double Reciprocal(double rank) { return 1 / rank; }
double Discount(double rank) { return 1 / std::log2(1 + rank); }

}  // namespace

Figure MeanOf(const std::vector<double>& values) {
  std::vector<std::pair<double, uint64_t>> counted;
  counted.reserve(values.size());
  for (const double value : values) counted.emplace_back(value, 1);
  return MeanOf(counted);
}

Figure MeanOf(const std::vector<std::pair<double, uint64_t>>& values_and_counts) {
  double n = 0, sum = 0, squares = 0;
  for (const auto& [value, count] : values_and_counts) {
    n += static_cast<double>(count);
    sum += value * static_cast<double>(count);
  }
  if (n == 0) return {};
  const double mean = sum / n;
  if (n == 1) return {mean, 0};
  for (const auto& [value, count] : values_and_counts) {
    squares += (value - mean) * (value - mean) * static_cast<double>(count);
  }
  return {mean, std::sqrt(squares / (n - 1) / n)};
}

Figure ShareOf(uint64_t ones, uint64_t total) {
  return MeanOf(std::vector<std::pair<double, uint64_t>>{{1, ones}, {0, total - ones}});
}

void RankingMetrics::AddTrial(std::optional<uint32_t> rank, bool answered) {
  ++trials_;
  answered_ += answered;
  if (!rank.has_value()) return;
  if (*rank >= counts_.size()) counts_.resize(*rank + 1);
  ++counts_[*rank];
}

template <typename Gain>
Figure RankingMetrics::MeanGain(uint32_t k, Gain gain) const {
  std::vector<std::pair<double, uint64_t>> gains;
  uint64_t gained = 0;
  for (uint32_t rank = 1; rank <= k && rank < counts_.size(); ++rank) {
    gains.emplace_back(gain(rank), counts_[rank]);
    gained += counts_[rank];
  }
  gains.emplace_back(0, trials_ - gained);
  return MeanOf(gains);
}

Figure RankingMetrics::HitAt(uint32_t k) const { return MeanGain(k, One); }
Figure RankingMetrics::MrrAt(uint32_t k) const { return MeanGain(k, Reciprocal); }
Figure RankingMetrics::NdcgAt(uint32_t k) const { return MeanGain(k, Discount); }

void PairedRanks::AddTrial(std::optional<uint32_t> ours, std::optional<uint32_t> theirs) {
  ++counts_[{ours.value_or(kMissed), theirs.value_or(kMissed)}];
}

template <typename Gain>
Figure PairedRanks::MeanDifference(uint32_t k, Gain gain) const {
  std::vector<std::pair<double, uint64_t>> differences;
  for (const auto& [ranks, count] : counts_) {
    const auto gain_of = [&](uint32_t rank) { return rank <= k ? gain(rank) : 0; };
    differences.emplace_back(gain_of(ranks.first) - gain_of(ranks.second), count);
  }
  return MeanOf(differences);
}

Figure PairedRanks::HitDifferenceAt(uint32_t k) const { return MeanDifference(k, One); }
Figure PairedRanks::MrrDifferenceAt(uint32_t k) const { return MeanDifference(k, Reciprocal); }

}  // namespace kindred
