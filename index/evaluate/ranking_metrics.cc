#include "index/evaluate/ranking_metrics.h"

#include <cmath>

namespace kindred {

Figure MeanOf(const std::vector<double>& values) {
  if (values.empty()) return {};
  const double n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  if (values.size() == 1) return {mean, 0};
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, std::sqrt(squares / (n - 1) / n)};
}

void RankingMetrics::AddTrial(std::optional<uint32_t> rank, bool answered) {
  ranks_.push_back(rank.value_or(kMissed));
  answered_.push_back(answered);
}

template <typename Gain>
Figure RankingMetrics::MeanGain(uint32_t k, Gain gain) const {
  std::vector<double> gains;
  gains.reserve(ranks_.size());
  for (const uint32_t rank : ranks_) gains.push_back(rank <= k ? gain(static_cast<double>(rank)) : 0);
  return MeanOf(gains);
}

Figure RankingMetrics::HitAt(uint32_t k) const {
  return MeanGain(k, [](double) { return 1.0; });
}

Figure RankingMetrics::MrrAt(uint32_t k) const {
  return MeanGain(k, [](double rank) { return 1 / rank; });
}

Figure RankingMetrics::NdcgAt(uint32_t k) const {
  return MeanGain(k, [](double rank) { return 1 / std::log2(1 + rank); });
}

Figure RankingMetrics::Coverage() const { return MeanOf(std::vector<double>(answered_.begin(), answered_.end())); }

}  // namespace kindred
