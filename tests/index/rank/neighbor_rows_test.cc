#include "index/rank/neighbor_rows.h"

#include "gtest/gtest.h"

namespace kindred {
namespace {

// Queries 0..3 with so many users each; pairs (0,1), (0,2), (0,3).
MinedLog ThreePairs() {
  MinedLog mined;
  for (const uint32_t users : {9u, 5u, 1u, 4u}) {
    QueryCounts counts;
    counts.users = users;
    counts.searches = users;
    mined.counts.push_back(counts);
  }
  mined.pairs = {{.a = 0, .b = 1, .users = 5, .session_users = 2, .sessions = 3, .users_a_first = 4},
                 {.a = 0, .b = 2, .users = 1, .session_users = 1, .sessions = 1, .users_a_first = 0},
                 {.a = 0, .b = 3, .users = 2, .session_users = 2, .sessions = 2, .users_a_first = 1}};
  return mined;
}

RankOptions Options(uint32_t min_users, uint32_t row_cap) {
  RankOptions options;
  options.min_users = min_users;
  options.min_pair_users = 1;
  options.caps.row = row_cap;
  return options;
}

// 1 - e^-x (1 + x + ... x^(n-1)/(n-1)!), by hand.
TEST(ChanceOfPairTest, IsTheTailOfAPoissonDistribution) {
  EXPECT_EQ(ChanceOfPair(0, 3), 1);
  EXPECT_EQ(ChanceOfPair(2, 0), 0);
  EXPECT_NEAR(ChanceOfPair(1, .5), .393469, 1e-6);
  EXPECT_NEAR(ChanceOfPair(2, .1), .004679, 1e-6);
  EXPECT_NEAR(ChanceOfPair(6, 2), .016564, 1e-6);
}

TEST(ChanceOfPairTest, ManyPeopleAreNoSpecialCase) {
  EXPECT_NEAR(ChanceOfPair(120, 99.9), ChanceOfPair(120, 100.1), .004);  // Exact below 100, approximated above.
  EXPECT_GT(ChanceOfPair(1000, 1000), .4);
  EXPECT_LT(ChanceOfPair(1200, 1000), 1e-6);
  EXPECT_LT(ChanceOfPair(5000, 90), 1e-9);
}

TEST(MaxChanceTest, AboutTenPairsPassByChanceHoweverManyThereAre) {
  EXPECT_EQ(MaxChance(0), .25);
  EXPECT_EQ(MaxChance(10), .25);
  for (const size_t pairs : {100, 10'000, 10'000'000}) {
    EXPECT_NEAR(MaxChance(pairs) * static_cast<double>(pairs), 10, 1e-6) << pairs;
  }
}

TEST(NeighborRowsTest, APairIsEvidentWhereChanceDoesNotExplainIt) {
  MinedLog mined = ThreePairs();
  EXPECT_TRUE(BuildNeighborRows(mined, Options(1, 0)).rows[0][0].evident);
  mined.report.pairs.records = 50;  // By chance 2 * 50 * 9 * 5 / 19^2 = 12 people search 0 and 1.
  EXPECT_FALSE(BuildNeighborRows(mined, Options(1, 0)).rows[0][0].evident);
}

TEST(NeighborRowsTest, APairOfNoSessionIsNotEvident) {
  MinedLog mined = ThreePairs();
  mined.pairs[0].sessions = mined.pairs[0].session_users = 0;
  EXPECT_FALSE(BuildNeighborRows(mined, Options(1, 0)).rows[0][0].evident);
}

TEST(NeighborRowsTest, BothDirectionsCountWhoCameAfter) {
  const NeighborRows rows = BuildNeighborRows(ThreePairs(), Options(1, 0));
  ASSERT_EQ(rows.rows[0].size(), 3u);
  EXPECT_EQ(rows.rows[0][0].query, 1u);
  EXPECT_EQ(rows.rows[0][0].users, 5u);
  EXPECT_EQ(rows.rows[0][0].users_after, 4u);
  EXPECT_EQ(rows.rows[1][0].query, 0u);
  EXPECT_EQ(rows.rows[1][0].users_after, 1u);
}

TEST(NeighborRowsTest, RareQueriesAreNoTargetsButCountInTheSums) {
  const NeighborRows rows = BuildNeighborRows(ThreePairs(), Options(2, 0));
  ASSERT_EQ(rows.rows[0].size(), 2u);
  EXPECT_EQ(rows.rows[2].size(), 1u);  // The rare query still has a row.
  EXPECT_EQ(rows.user_sums[0], 8);
  EXPECT_EQ(rows.user_sums[2], 1);
}

TEST(NeighborRowsTest, CapKeepsTheStrongestAndReports) {
  const NeighborRows rows = BuildNeighborRows(ThreePairs(), Options(1, 2));
  ASSERT_EQ(rows.rows[0].size(), 2u);
  EXPECT_EQ(rows.rows[0][0].query, 1u);
  EXPECT_EQ(rows.rows[0][1].query, 3u);
  EXPECT_EQ(rows.rows_cut, 1u);
  EXPECT_EQ(rows.user_sums[0], 8);
}

TEST(NeighborRowsTest, QueriesThatFindNothingAreNoTargets) {
  MinedLog mined = ThreePairs();
  mined.counts[1].found_nothing = true;
  const NeighborRows rows = BuildNeighborRows(mined, Options(1, 0));
  for (const Neighbor& neighbor : rows.rows[0]) EXPECT_NE(neighbor.query, 1u);
  EXPECT_EQ(rows.rows[1].size(), 1u);  // It still has related keywords of its own.
}

TEST(NeighborRowsTest, PairsOfTooFewUsersDoNotCount) {
  RankOptions options = Options(1, 0);
  options.min_pair_users = 3;
  const NeighborRows rows = BuildNeighborRows(ThreePairs(), options);
  EXPECT_EQ(rows.rows[0].size(), 1u);
  EXPECT_EQ(rows.user_sums[0], 5);
}

}  // namespace
}  // namespace kindred
