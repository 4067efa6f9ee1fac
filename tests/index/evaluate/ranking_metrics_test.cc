#include "index/evaluate/ranking_metrics.h"

#include <cmath>
#include <optional>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(RankingMetricsTest, MatchesHandComputedValues) {
  RankingMetrics metrics;
  metrics.AddTrial(1, true);
  metrics.AddTrial(4, true);
  metrics.AddTrial(11, true);
  metrics.AddTrial(std::nullopt, false);
  EXPECT_EQ(metrics.trials(), 4u);
  EXPECT_DOUBLE_EQ(metrics.HitAt(1).value, 1.0 / 4);
  EXPECT_DOUBLE_EQ(metrics.HitAt(10).value, 2.0 / 4);
  EXPECT_DOUBLE_EQ(metrics.MrrAt(10).value, (1 + .25) / 4);
  EXPECT_DOUBLE_EQ(metrics.NdcgAt(10).value, (1 + 1 / std::log2(5)) / 4);
  EXPECT_DOUBLE_EQ(metrics.Coverage().value, 3.0 / 4);
}

TEST(RankingMetricsTest, StandardErrorIsOfTheMean) {
  // Values 1, 0, 0, 1: mean .5, sample variance 1/3, standard error sqrt(1/12).
  const Figure figure = MeanOf({1, 0, 0, 1});
  EXPECT_DOUBLE_EQ(figure.value, .5);
  EXPECT_DOUBLE_EQ(figure.standard_error, std::sqrt(1.0 / 12));
  EXPECT_EQ(MeanOf(std::vector<double>()).standard_error, 0);
  EXPECT_EQ(MeanOf(std::vector<double>{2}).standard_error, 0);
  EXPECT_DOUBLE_EQ(ShareOf(2, 4).standard_error, figure.standard_error);
  EXPECT_EQ(ShareOf(0, 0).value, 0);
}

TEST(RankingMetricsTest, CountsTrialsByRank) {
  RankingMetrics metrics;
  metrics.AddTrial(2, true);
  metrics.AddTrial(2, true);
  metrics.AddTrial(std::nullopt, true);
  EXPECT_EQ(metrics.CountAt(1), 0u);
  EXPECT_EQ(metrics.CountAt(2), 2u);
  EXPECT_EQ(metrics.CountAt(3), 0u);
}

TEST(PairedRanksTest, MatchesHandComputedDifferences) {
  PairedRanks ranks;
  ranks.AddTrial(1, 2);             // hit@10: 1 - 1, MRR: 1 - 1/2
  ranks.AddTrial(std::nullopt, 4);  // 0 - 1, 0 - 1/4
  ranks.AddTrial(5, 11);            // 1 - 0, 1/5 - 0
  ranks.AddTrial(5, 11);
  EXPECT_DOUBLE_EQ(ranks.HitDifferenceAt(10).value, 1.0 / 4);
  EXPECT_DOUBLE_EQ(ranks.MrrDifferenceAt(10).value, (.5 - .25 + .2 + .2) / 4);
  // Differences 0, -1, 1, 1: mean 1/4, sample variance 11/12.
  EXPECT_DOUBLE_EQ(ranks.HitDifferenceAt(10).standard_error, std::sqrt(11.0 / 12 / 4));
}

TEST(PairedRanksTest, EqualListsDifferByNothingForSure) {
  PairedRanks ranks;
  for (uint32_t rank = 1; rank < 9; ++rank) ranks.AddTrial(rank, rank);
  EXPECT_EQ(ranks.MrrDifferenceAt(10).value, 0);
  EXPECT_EQ(ranks.MrrDifferenceAt(10).standard_error, 0);
}

}  // namespace
}  // namespace kindred
