#include "index/evaluate/floor_costs.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;

class FloorCostsTest : public ::testing::Test {
 protected:
  // Three people search a tent, then a stove; one searches a kayak, then a paddle.
  FloorCostsTest() {
    LogBuilder log;
    for (const char* user : {"a", "b", "c"}) log.Search(user, 0, "tent").Search(user, 60, "stove");
    log.Search("d", 0, "kayak").Search("d", 60, "paddle");
    table_ = log.Table();
    MineOptions options;
    options.min_pair_users = 1;
    mined_ = *Mine(table_, options);
    held_out_ = {{*NormalizeQuery("tent"), *NormalizeQuery("stove")},
                 {*NormalizeQuery("kayak"), *NormalizeQuery("paddle")},
                 {*NormalizeQuery("unseen"), *NormalizeQuery("stove")}};
  }

  EventTable table_;
  MinedLog mined_;
  std::vector<HeldOutPair> held_out_;
};

std::vector<double> Hits(const std::vector<FloorCost>& costs, const std::string& flag) {
  std::vector<double> hits;
  for (const FloorCost& cost : costs) {
    if (cost.flag == flag) hits.push_back(cost.metrics.HitAt(10).value);
  }
  return hits;
}

TEST_F(FloorCostsTest, HigherFloorsLoseWhatFewSearched) {
  std::vector<FloorCost> costs;
  RankOptions options;
  options.min_users = 1;
  options.min_pair_users = 1;
  ASSERT_OK(AddFloorCosts(table_, mined_, held_out_, options, kMaxFloorPairs, costs));
  // Floors 1, 2, 3, 5, 10; the unseen source does not count.
  EXPECT_THAT(Hits(costs, "min_users"), ElementsAre(1, .5, .5, 0, 0));
  EXPECT_THAT(Hits(costs, "min_pair_users"), ElementsAre(1, .5, .5, 0, 0));
  EXPECT_EQ(costs.front().metrics.trials(), 2u);
}

TEST_F(FloorCostsTest, TheEvaluationsOwnValueIsAmongThem) {
  std::vector<FloorCost> costs;
  RankOptions options;
  options.min_users = 4;
  options.min_pair_users = 2;
  ASSERT_OK(AddFloorCosts(table_, mined_, held_out_, options, kMaxFloorPairs, costs));
  EXPECT_EQ(Hits(costs, "min_users").size(), 6u);
  EXPECT_EQ(Hits(costs, "min_pair_users").size(), 5u);
  ASSERT_OK(AddFloorCosts(table_, mined_, held_out_, options, kMaxFloorPairs, costs));
  EXPECT_EQ(costs.size(), 11u) << "a second log adds to the same entries";
  EXPECT_EQ(costs.front().metrics.trials(), 4u);
}

TEST_F(FloorCostsTest, OfManyPairsAFewEvenlySpreadCount) {
  std::vector<HeldOutPair> many(100, held_out_[0]);
  many.insert(many.end(), 100, held_out_[1]);
  std::vector<FloorCost> costs;
  ASSERT_OK(AddFloorCosts(table_, mined_, many, RankOptions(), 10, costs));
  EXPECT_EQ(costs[1].metrics.trials(), 10u);
  EXPECT_DOUBLE_EQ(costs[1].metrics.HitAt(10).value, .5);  // Tents hit, kayaks do not.
  std::vector<FloorCost> none;
  ASSERT_OK(AddFloorCosts(table_, mined_, many, RankOptions(), 0, none));
  EXPECT_TRUE(none.empty());
}

}  // namespace
}  // namespace kindred
