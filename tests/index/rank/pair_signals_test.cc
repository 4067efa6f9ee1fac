#include "index/rank/pair_signals.h"

#include <cmath>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(PairSignalsTest, MatchHandComputedValues) {
  const SourceSums source = {.pool_users = 10, .idf = 2, .words = 2};
  const PairSums pair = {
      .users = 3, .users_after = 1, .sessions = 2, .pool_users = 5, .pool_sessions = 4, .walk1 = .25f, .walk2 = .5f};
  const Signals signals = SignalsOf(source, pair, {.popularity = .01, .words = 3, .shared_words = 1});
  // ptok = (5 + 20 * 2 * .01) / (10 + 20 * 2) = .108
  EXPECT_NEAR(signals[kPair], std::log(3 + 2 + 8 * .108), 1e-6);
  EXPECT_NEAR(signals[kToken], std::log(5), 1e-6);
  EXPECT_NEAR(signals[kWalk1], std::log(.2501), 1e-6);
  EXPECT_NEAR(signals[kWalk2], std::log(.5001), 1e-6);
  EXPECT_FLOAT_EQ(signals[kJaccard], .25f);
}

TEST(PairSignalsTest, WhatFollowsAndWhatPeopleClickTooMatchHandComputedValues) {
  const PairSums pair = {.users_next = 3, .co_click = .1f};
  const Signals signals = SignalsOf({}, pair, {.popularity = .01, .recent = 1.5f, .follow_up = -.5f, .words = 1});
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
  const Signals signals = SignalsOf({.pool_users = 10, .idf = 2, .words = 2}, {}, {.popularity = .01, .words = 1});
  EXPECT_NEAR(signals[kPair], std::log(8 * .4 / 50), 1e-6);
  EXPECT_EQ(signals[kToken], 0);
  EXPECT_NEAR(signals[kWalk1], std::log(1e-4), 1e-6);
  EXPECT_NEAR(signals[kWalk2], std::log(1e-4), 1e-6);
  EXPECT_EQ(signals[kJaccard], 0);
}

}  // namespace
}  // namespace kindred
