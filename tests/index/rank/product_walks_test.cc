#include "index/rank/product_walks.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

// Query 0 leads to items 0 (3 users) and 1 (1 user); query 1 to item 0 (1 user); query 2 to item 1 (2 users).
MinedLog Clicks() {
  MinedLog mined;
  for (int i = 0; i < 3; ++i) {
    QueryCounts counts;
    counts.users = 5;
    counts.searches = 5;
    mined.counts.push_back(counts);
  }
  mined.clicks = {{0, 0, 3}, {0, 1, 1}, {1, 0, 1}, {2, 1, 2}};
  return mined;
}

RankOptions Uncapped() {
  RankOptions options;
  options.caps = {.row = 0,
                  .word_pool = 0,
                  .products_of_query = 0,
                  .queries_of_product = 0,
                  .products_of_product = 0,
                  .walk_of_product = 0,
                  .min_walk = 0};
  return options;
}

TEST(ProductWalksTest, StepsAreSharesOfUsers) {
  const ProductWalks walks = BuildProductWalks(Clicks(), Uncapped());
  ASSERT_EQ(walks.products_of_query[0].size(), 2u);
  EXPECT_FLOAT_EQ(walks.products_of_query[0][0].p, .75f);
  ASSERT_EQ(walks.queries_of_product[1].size(), 2u);
  EXPECT_EQ(walks.queries_of_product[1][1].id, 2u);
  EXPECT_FLOAT_EQ(walks.queries_of_product[1][1].p, 2.f / 3);
}

TEST(ProductWalksTest, WalkOfAProductMatchesTheHandComputedSum) {
  const ProductWalks walks = BuildProductWalks(Clicks(), Uncapped());
  // From item 0: to query 0 (3/4) and 1 (1/4); on to items 0: 3/4*3/4 + 1/4*1 = 13/16 and 1: 3/4*1/4 = 3/16; on to
  // query 2: 3/16 * 2/3 = 1/8.
  float to_query_2 = 0;
  for (const Step& step : walks.walk_of_product[0]) {
    if (step.id == 2) to_query_2 = step.p;
  }
  EXPECT_FLOAT_EQ(to_query_2, 1.f / 8);
}

TEST(ProductWalksTest, OnePersonsClickIsNoEvidence) {
  const ProductWalks walks = BuildProductWalks(Clicks(), Uncapped());
  EXPECT_THAT(walks.all_of_query[0], ::testing::ElementsAre(0, 1));
  EXPECT_THAT(walks.evidence_of_query[0], ::testing::ElementsAre(0));
  EXPECT_THAT(walks.evidence_of_query[1], ::testing::IsEmpty());
}

TEST(ProductWalksTest, RareQueriesAreNoTargets) {
  MinedLog mined = Clicks();
  mined.counts[2].users = 1;
  const ProductWalks walks = BuildProductWalks(mined, Uncapped());
  for (const Step& step : walks.queries_of_product[1]) EXPECT_NE(step.id, 2u);
}

TEST(ProductWalksTest, CapsCutAndReport) {
  RankOptions options = Uncapped();
  options.caps.products_of_query = 1;
  options.caps.queries_of_product = 1;
  const ProductWalks walks = BuildProductWalks(Clicks(), options);
  ASSERT_EQ(walks.products_of_query[0].size(), 1u);
  EXPECT_EQ(walks.products_of_query[0][0].id, 0u);
  EXPECT_EQ(walks.products_of_query_cut, 1u);
  EXPECT_EQ(walks.queries_of_product_cut, 2u);
}

}  // namespace
}  // namespace kindred
