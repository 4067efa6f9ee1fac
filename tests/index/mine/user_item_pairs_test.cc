#include "index/mine/user_item_pairs.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

UserHistory Clicks(std::initializer_list<Click> clicks) {
  UserHistory history;
  history.clicks = clicks;
  return history;
}

TEST(UserItemPairsTest, GivesEachPairOnce) {
  UserItemPairs pairs(0);
  EXPECT_THAT(pairs.Of(Clicks({{0, 7, 0}, {1, 5, 0}, {1, 7, 0}, {2, 5, 0}})), ElementsAre(ItemPair{5, 7}));
  EXPECT_THAT(pairs.Of(Clicks({{0, 5, 0}, {0, 7, 0}, {0, 9, 0}})),
              ElementsAre(ItemPair{5, 7}, ItemPair{5, 9}, ItemPair{7, 9}));
}

TEST(UserItemPairsTest, OneProductMakesNoPair) {
  UserItemPairs pairs(0);
  EXPECT_THAT(pairs.Of(Clicks({{0, 5, 0}, {1, 5, 0}})), IsEmpty());
}

TEST(UserItemPairsTest, HeavyUsersGiveAFixedNumberOfPairs) {
  UserHistory heavy;
  for (ItemId item = 0; item < 100; ++item) heavy.clicks.push_back({item % 3, item, 0});
  UserItemPairs pairs(10);
  const absl::Span<const ItemPair> first = pairs.Of(heavy);
  const std::vector<ItemPair> kept(first.begin(), first.end());
  EXPECT_EQ(kept.size(), 45u);
  EXPECT_THAT(pairs.Of(heavy), ElementsAreArray(kept));  // Always the same sample.
  EXPECT_EQ(pairs.users_over_cap(), 2u);
}

}  // namespace
}  // namespace kindred
