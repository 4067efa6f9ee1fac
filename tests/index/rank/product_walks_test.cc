#include "index/rank/product_walks.h"

#include <vector>

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

const SparseRows<uint32_t> kNoWords = [] {
  SparseRows<uint32_t> rows;
  for (int i = 0; i < 3; ++i) rows.Append(std::vector<uint32_t>());
  return rows;
}();

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
  const ProductWalks walks = BuildProductWalks(Clicks(), nullptr, Uncapped(), kNoWords);
  ASSERT_EQ(walks.products_of_query[0].size(), 2u);
  EXPECT_FLOAT_EQ(walks.products_of_query[0][0].p, .75f);
  ASSERT_EQ(walks.queries_of_product[1].size(), 2u);
  EXPECT_EQ(walks.queries_of_product[1][1].id, 2u);
  EXPECT_FLOAT_EQ(walks.queries_of_product[1][1].p, 2.f / 3);
}

TEST(ProductWalksTest, WalkOfAProductMatchesTheHandComputedSum) {
  const ProductWalks walks = BuildProductWalks(Clicks(), nullptr, Uncapped(), kNoWords);
  // From item 0: to query 0 (3/4) and 1 (1/4); on to items 0: 3/4*3/4 + 1/4*1 = 13/16 and 1: 3/4*1/4 = 3/16; on to
  // query 2: 3/16 * 2/3 = 1/8.
  float to_query_2 = 0;
  for (const Step& step : walks.walk_of_product[0]) {
    if (step.id == 2) to_query_2 = step.p;
  }
  EXPECT_FLOAT_EQ(to_query_2, 1.f / 8);
}

TEST(ProductWalksTest, OnePersonsClickIsNoEvidence) {
  const ProductWalks walks = BuildProductWalks(Clicks(), nullptr, Uncapped(), kNoWords);
  EXPECT_THAT(walks.all_of_query[0], ::testing::ElementsAre(0, 1));
  EXPECT_THAT(walks.evidence_of_query[0], ::testing::ElementsAre(0));
  EXPECT_THAT(walks.evidence_of_query[1], ::testing::IsEmpty());
}

// Users went from item 0 to item 1 only, which query 2 leads to with 2 of 3 clicks.
TEST(ProductWalksTest, PeopleWalkToTheOtherProductsThatTheyClicked) {
  MinedLog mined = Clicks();
  mined.item_pairs = {{0, 1, 4}};
  const ProductWalks walks = BuildProductWalks(mined, nullptr, Uncapped(), kNoWords);
  ASSERT_EQ(walks.co_clicks_of_product[0].size(), 2u);
  float to_query_2 = 0;
  for (const Step& step : walks.co_clicks_of_product[0]) {
    if (step.id == 2) to_query_2 = step.p;
  }
  EXPECT_FLOAT_EQ(to_query_2, 2.f / 3);
}

// Item 0 is clicked after ten queries without a common word, item 1 after four.
TEST(ProductWalksTest, WhatIsClickedAfterAnythingIsNoEvidence) {
  MinedLog mined = Clicks();
  mined.clicks.clear();
  SparseRows<uint32_t> words;
  for (uint32_t query = 0; query < 10; ++query) {
    mined.counts.resize(query + 1, mined.counts[0]);
    mined.clicks.push_back({query, 0, 2});
    if (query < 4) mined.clicks.push_back({query, 1, 3});
    words.Append(std::vector<uint32_t>{query, 10 + query});
  }
  EXPECT_THAT(BuildProductWalks(mined, nullptr, Uncapped(), words).evidence_of_query[3], ::testing::ElementsAre(1));
}

TEST(ProductWalksTest, RareQueriesAreNoTargets) {
  MinedLog mined = Clicks();
  mined.counts[2].users = 1;
  const ProductWalks walks = BuildProductWalks(mined, nullptr, Uncapped(), kNoWords);
  for (const QueryStep& step : walks.queries_of_product[1]) EXPECT_NE(step.id, 2u);
}

TEST(ProductWalksTest, CapsCutAndReport) {
  RankOptions options = Uncapped();
  options.caps.products_of_query = 1;
  options.caps.queries_of_product = 1;
  const ProductWalks walks = BuildProductWalks(Clicks(), nullptr, options, kNoWords);
  ASSERT_EQ(walks.products_of_query[0].size(), 1u);
  EXPECT_EQ(walks.products_of_query[0][0].id, 0u);
  EXPECT_EQ(walks.products_of_query_cut, 1u);
  EXPECT_EQ(walks.queries_of_product_cut, 2u);
}

}  // namespace
}  // namespace kindred
