#include "index/mine/item_pair_counter.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

UserHistory Clicks(std::initializer_list<Click> clicks) {
  UserHistory history;
  history.clicks = clicks;
  return history;
}

TEST(ItemPairCounterTest, CountsEachUserOnceAPair) {
  ItemPairCounter counter(0);
  counter.AddUser(Clicks({{0, 7, 0}, {1, 5, 0}, {1, 7, 0}, {2, 5, 0}}));
  counter.AddUser(Clicks({{0, 5, 0}, {0, 7, 0}, {0, 9, 0}}));
  EXPECT_THAT(counter.Finish(1),
              ElementsAre(ItemPairCounts{5, 7, 2}, ItemPairCounts{5, 9, 1}, ItemPairCounts{7, 9, 1}));
}

TEST(ItemPairCounterTest, PairsOfFewerUsersAreLeftOut) {
  ItemPairCounter counter(0);
  counter.AddUser(Clicks({{0, 5, 0}, {0, 7, 0}}));
  counter.AddUser(Clicks({{0, 5, 0}, {0, 7, 0}, {0, 9, 0}}));
  EXPECT_THAT(counter.Finish(2), ElementsAre(ItemPairCounts{5, 7, 2}));
}

TEST(ItemPairCounterTest, OneProductMakesNoPair) {
  ItemPairCounter counter(0);
  counter.AddUser(Clicks({{0, 5, 0}, {1, 5, 0}}));
  EXPECT_THAT(counter.Finish(1), IsEmpty());
}

TEST(ItemPairCounterTest, HeavyUsersGiveAFixedNumberOfPairs) {
  UserHistory heavy;
  for (ItemId item = 0; item < 100; ++item) heavy.clicks.push_back({item % 3, item, 0});
  ItemPairCounter counter(10);
  counter.AddUser(heavy);
  counter.AddUser(heavy);
  const std::vector<ItemPairCounts> pairs = counter.Finish(2);
  EXPECT_EQ(pairs.size(), 45u);  // Both users give the same sample.
  EXPECT_EQ(counter.users_over_cap(), 2u);
}

}  // namespace
}  // namespace kindred
