#include "index/evaluate/association.h"

#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(AssociationTest, MatchesHandComputedValues) {
  // 4 did both, 8 the one, 18 the other, of 100.
  const TogetherCounts counts{4, 8, 18, 100};
  EXPECT_DOUBLE_EQ(CosineScore(counts), 4.0 / 12);
  EXPECT_DOUBLE_EQ(PmiSquaredScore(counts), std::log((.04 * .04) / (.08 * .18)));
}

TEST(AssociationTest, PmiSquaredIsTwiceTheLogarithmOfTheCosine) {
  const TogetherCounts counts{3, 7, 11, 500};
  EXPECT_NEAR(PmiSquaredScore(counts), 2 * std::log(CosineScore(counts)), 1e-12);
}

TEST(AssociationTest, LogLikelihoodMatchesDunningsTable) {
  // "the swiss" in Dunning (1993), table 1: k11 110, k12 2442, k21 111, k22 29114.
  EXPECT_NEAR(LogLikelihoodScore({110, 110 + 2442, 110 + 111, 110 + 2442 + 111 + 29114}), 270.72, .005);
}

TEST(AssociationTest, LogLikelihoodOfExtremes) {
  EXPECT_NEAR(LogLikelihoodScore({1, 2, 2, 4}), 0, 1e-12);                              // independent
  EXPECT_NEAR(LogLikelihoodScore({2, 2, 2, 4}), 8 * std::log(2), 1e-12);                // always together: 2 * 4 ln 2
  EXPECT_NEAR(LogLikelihoodScore({5, 5, 5, 5}), 0, 1e-12);                              // everybody did both
  EXPECT_LT(LogLikelihoodScore({1, 50, 50, 100}), 0);                                   // they shun each other
  EXPECT_GT(LogLikelihoodScore({20, 50, 40, 200}), LogLikelihoodScore({2, 5, 4, 20}));  // the more, the surer
}

TEST(LogLikelihoodTest, WhatIsToldToBeBelowIs) {
  int told = 0;
  for (const uint64_t all : {20, 1000, 600000}) {
    for (uint64_t from = 1; from <= all; from = from * 3 + 1) {
      for (uint64_t to = 1; to <= all; to = to * 2 + 1) {
        for (uint64_t both = 1; both <= std::min(from, to); both = both * 2 + 1) {
          if (all + both < from + to) continue;  // There are no such users.
          const TogetherCounts counts{both, from, to, all};
          const double score = LogLikelihoodScore(counts);
          const double log_rarity = std::log(static_cast<double>(all) / static_cast<double>(from));
          EXPECT_FALSE(LogLikelihoodIsBelow(counts, log_rarity, score)) << both << ' ' << from << ' ' << to;
          told += LogLikelihoodIsBelow(counts, log_rarity, 100);
        }
      }
    }
  }
  EXPECT_GT(told, 0);
}

}  // namespace
}  // namespace kindred
