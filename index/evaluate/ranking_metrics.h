// How well ranked lists predict what shoppers search next: hit@k, MRR@10 and NDCG@10, each with its standard error, and
// the difference of two methods on the same trials.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace kindred {

// A mean and its standard error.
struct Figure {
  double value = 0;
  double standard_error = 0;
};

// The mean of `values` and the standard error of that mean, sqrt(sample variance / n). No values: 0, 0; one: its value,
// 0. The error is that of independent values: trials of one session or shopper are counted as if they were.
Figure MeanOf(const std::vector<double>& values);
// The same of values that each occur so many times.
Figure MeanOf(const std::vector<std::pair<double, uint64_t>>& values_and_counts);
// The mean of `total` values, `ones` of them 1 and the others 0.
Figure ShareOf(uint64_t ones, uint64_t total);

// Collects where the one relevant keyword of each trial stood: a count for each rank, whatever the number of trials.
// Value type; not thread-safe.
class RankingMetrics {
 public:
  // `rank` from 1; nullopt: not in the list. `answered`: the list had any keyword.
  void AddTrial(std::optional<uint32_t> rank, bool answered);

  uint64_t trials() const { return trials_; }
  // Trials whose keyword stood at `rank`.
  uint64_t CountAt(uint32_t rank) const { return rank < counts_.size() ? counts_[rank] : 0; }
  Figure HitAt(uint32_t k) const;
  // Mean of 1 / rank, 0 below rank k. Source: Voorhees, TREC-8 (1999).
  Figure MrrAt(uint32_t k) const;
  // With one relevant keyword the ideal gain is 1: mean of 1 / log2(1 + rank), 0 below rank k.
  // Source: Jarvelin and Kekalainen, TOIS 2002.
  Figure NdcgAt(uint32_t k) const;
  // Share of trials that were answered.
  Figure Coverage() const { return ShareOf(answered_, trials_); }

 private:
  template <typename Gain>
  Figure MeanGain(uint32_t k, Gain gain) const;

  std::vector<uint64_t> counts_;  // By rank.
  uint64_t trials_ = 0;
  uint64_t answered_ = 0;
};

// Two methods on the same trials. Their difference trial by trial has a much smaller error than the difference of their
// means, since an easy trial is easy for both. Value type; not thread-safe.
class PairedRanks {
 public:
  void AddTrial(std::optional<uint32_t> ours, std::optional<uint32_t> theirs);

  // Means of (ours - theirs) over the trials.
  Figure HitDifferenceAt(uint32_t k) const;
  Figure MrrDifferenceAt(uint32_t k) const;

 private:
  template <typename Gain>
  Figure MeanDifference(uint32_t k, Gain gain) const;

  std::map<std::pair<uint32_t, uint32_t>, uint64_t> counts_;  // By both ranks.
};

}  // namespace kindred
