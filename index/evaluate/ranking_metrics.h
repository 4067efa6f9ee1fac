// How well ranked lists predict what shoppers search next: hit@k, MRR@10 and NDCG@10, each with its standard error.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace kindred {

// A mean and its standard error.
struct Figure {
  double value = 0;
  double standard_error = 0;
};

// The mean of `values` and the standard error of that mean, sqrt(sample variance / n). No values: 0, 0; one: its value,
// 0.
Figure MeanOf(const std::vector<double>& values);

// Collects where the one relevant keyword of each trial stood. Value type; not thread-safe.
class RankingMetrics {
 public:
  // `rank` from 1; nullopt: not in the list. `answered`: the list had any keyword.
  void AddTrial(std::optional<uint32_t> rank, bool answered);

  size_t trials() const { return ranks_.size(); }
  Figure HitAt(uint32_t k) const;
  // Mean of 1 / rank, 0 below rank k. Source: Voorhees, TREC-8 (1999).
  Figure MrrAt(uint32_t k) const;
  // With one relevant keyword the ideal gain is 1: mean of 1 / log2(1 + rank), 0 below rank k.
  // Source: Jarvelin and Kekalainen, TOIS 2002.
  Figure NdcgAt(uint32_t k) const;
  // Share of trials that were answered.
  Figure Coverage() const;

 private:
  template <typename Gain>
  Figure MeanGain(uint32_t k, Gain gain) const;

  static constexpr uint32_t kMissed = UINT32_MAX;
  std::vector<uint32_t> ranks_;
  std::vector<bool> answered_;
};

}  // namespace kindred
