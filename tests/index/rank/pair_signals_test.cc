#include "index/rank/pair_signals.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>

#include "gtest/gtest.h"
#include "index/rank/rank_options.h"

namespace kindred {
namespace {

Signals SignalsOf(const SourceSums& source, const PairSums& pair, const PairSearches& searches,
                  const TargetFacts& target, uint32_t shared_words) {
  SignalColumns columns;
  columns.Start(source, 1);
  columns.Append(pair, searches, target, shared_words);
  columns.Finish(kDefaultWeights);
  return columns.signals(0);
}

TEST(PairSignalsTest, MatchHandComputedValues) {
  const SourceSums source = {.pool_users = 10, .idf = 2, .words = 2};
  const PairSums pair = {.pool_users = 5, .pool_sessions = 4, .walk1 = .25f, .walk2 = .5f};
  const Signals signals = SignalsOf(source, pair, {.together = 3 + 2}, {.popularity = .01f, .words = 3}, 1);
  // ptok = (5 + 20 * 2 * .01) / (10 + 20 * 2) = .108
  EXPECT_NEAR(signals[kPair], std::log(3 + 2 + 8 * .108), 1e-6);
  EXPECT_NEAR(signals[kToken], std::log(5), 1e-6);
  EXPECT_NEAR(signals[kWalk1], std::log(.2501), 1e-6);
  EXPECT_NEAR(signals[kWalk2], std::log(.5001), 1e-6);
  EXPECT_FLOAT_EQ(signals[kJaccard], .25f);
}

TEST(PairSignalsTest, WhatFollowsAndWhatPeopleClickTooMatchHandComputedValues) {
  const PairSums pair = {.co_click = .1f};
  const Signals signals =
      SignalsOf({}, pair, {.next = 3}, {.popularity = .01f, .recent = 1.5f, .follow_up = -.5f, .words = 1}, 0);
  EXPECT_NEAR(signals[kNext], std::log(4), 1e-6);
  EXPECT_NEAR(signals[kCoClick], std::log(.1001), 1e-6);
  EXPECT_EQ(signals[kRecent], 1.5f);
  EXPECT_EQ(signals[kFollowUp], -.5f);
}

// A tenth of all searches and half of the recent ones: .9 * 5 / 10 + .1 * 10 / 100.
TEST(PairSignalsTest, PopularityIsMostlyOfLate) {
  const LogTotals totals = {.queries = 20, .searches = 100, .recent = 10, .followups = 25};
  QueryCounts counts;
  counts.searches = 10;
  counts.recent = 5;
  counts.followups = 8;
  const double popularity = PopularityOf(counts, totals);
  EXPECT_NEAR(popularity, .46, 1e-9);
  EXPECT_NEAR(RecentOf(popularity, totals), std::log(9.2), 1e-6);
  // (8 + 10 / 4) / ((10 + 10) / 4): twice as often a second search as the average query.
  EXPECT_NEAR(FollowUpOf(counts, totals), std::log(2.1), 1e-6);
  EXPECT_EQ(FollowUpOf(counts, {.queries = 20, .searches = 100, .recent = 10, .followups = 0}), 0);
}

TEST(PairSignalsTest, NothingInCommonIsTheFloor) {
  const Signals signals =
      SignalsOf({.pool_users = 10, .idf = 2, .words = 2}, {}, {}, {.popularity = .01f, .words = 1}, 0);
  EXPECT_NEAR(signals[kPair], std::log(8 * .4 / 50), 1e-6);
  EXPECT_EQ(signals[kToken], 0);
  EXPECT_NEAR(signals[kWalk1], std::log(1e-4), 1e-6);
  EXPECT_NEAR(signals[kWalk2], std::log(1e-4), 1e-6);
  EXPECT_EQ(signals[kJaccard], 0);
}

SignalColumns AnyColumns(size_t size, uint32_t seed) {
  std::mt19937 engine(seed);
  const auto random = [&] { return static_cast<uint32_t>(engine()); };
  const auto small = [&] { return static_cast<float>(random() % 10000) / 9999; };
  SignalColumns columns;
  columns.Start({.pool_users = 1000, .idf = 7, .words = 3}, size);
  for (size_t i = 0; i < size; ++i) {
    columns.Append({.pool_users = 90 * small(), .pool_sessions = 9 * small(), .walk1 = small(), .walk2 = small()},
                   {.together = random() % 50, .next = random() % 3},
                   {.popularity = .01f * small(), .recent = small(), .words = 1 + random() % 4}, random() % 2);
  }
  return columns;
}

// An index must not depend on the machine that built it.
TEST(PairSignalsTest, VectorCodeGivesTheSameBits) {
  for (const size_t size : {0u, 1u, 7u, 8u, 9u, 459u}) {
    SignalColumns best = AnyColumns(size, 3), portable = AnyColumns(size, 3);
    best.Finish(kDefaultWeights);
    portable.FinishPortably(kDefaultWeights);
    ASSERT_EQ(best.size(), size);
    ASSERT_EQ(portable.size(), size);
    for (size_t i = 0; i < size; ++i) {
      EXPECT_EQ(std::bit_cast<uint32_t>(best.score(i)), std::bit_cast<uint32_t>(portable.score(i)));
      for (size_t signal = 0; signal < kSignalCount; ++signal) {
        EXPECT_EQ(std::bit_cast<uint32_t>(best.signals(i)[signal]),
                  std::bit_cast<uint32_t>(portable.signals(i)[signal]));
      }
    }
  }
}

TEST(PairSignalsTest, ScoreIsTheWeightedSumOfTheSignals) {
  SignalColumns columns = AnyColumns(20, 5);
  columns.Finish(kDefaultWeights);
  for (size_t i = 0; i < columns.size(); ++i) {
    const Signals signals = columns.signals(i);
    EXPECT_FLOAT_EQ(columns.score(i), std::inner_product(signals.begin(), signals.end(), kDefaultWeights.begin(), 0.f));
  }
}

}  // namespace
}  // namespace kindred
