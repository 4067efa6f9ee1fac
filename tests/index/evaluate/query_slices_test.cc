#include "index/evaluate/query_slices.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(ScriptOfTest, NamesTheScriptOfTheLetters) {
  const struct {
    const char *query, *want;
  } kCases[] = {{"gears of war 3", "Latin"},
                {"藍牙耳機", "Han"},
                {"ワイヤレス", "kana"},
                {"おむつ", "kana"},
                {"収納ボックス", "Han and kana"},
                {"iphone 保護殼", "mixed"},
                {"블루투스", "Hangul"},
                {"наушники", "Cyrillic"},
                {"หูฟัง", "Thai"},
                {"360", "no letters"},
                {"ps4 スリム 黒", "mixed"}};
  for (const auto& c : kCases) EXPECT_EQ(ScriptOf(*NormalizeQuery(c.query)), c.want) << c.query;
}

TEST(WordCountNameTest, FourAndMoreStandTogether) {
  EXPECT_EQ(WordCountName(1), "1 word");
  EXPECT_EQ(WordCountName(3), "3 words");
  EXPECT_EQ(WordCountName(4), WordCountName(9));
}

TEST(PopularityClassesTest, EachIsAThirdOfTheAsking) {
  // One query searched 100 times is asked for three times, and six others once each.
  const PopularityClasses classes({100, 9, 8, 100, 7, 3, 2, 1, 100});
  EXPECT_EQ(classes.ClassOf(100), "head");
  for (const uint32_t searches : {9, 8, 7}) EXPECT_EQ(classes.ClassOf(searches), "torso") << searches;
  for (const uint32_t searches : {3, 2, 1}) EXPECT_EQ(classes.ClassOf(searches), "tail") << searches;
}

TEST(PopularityClassesTest, EqualCountsStayTogether) {
  const PopularityClasses classes({5, 5, 5, 5, 1, 1});
  EXPECT_EQ(classes.ClassOf(5), "head");
  EXPECT_EQ(classes.ClassOf(1), "tail");
  EXPECT_EQ(PopularityClasses({}).ClassOf(1), "head");
}

}  // namespace
}  // namespace kindred
