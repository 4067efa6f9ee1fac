#include "index/evaluate/ranking_metrics.h"

#include <cmath>

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
  EXPECT_EQ(MeanOf({}).standard_error, 0);
  EXPECT_EQ(MeanOf({2}).standard_error, 0);
}

}  // namespace
}  // namespace kindred
