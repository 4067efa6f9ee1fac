#include "index/build/sample_spelling.h"

#include <map>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/build/sample_characters.h"

namespace kindred {
namespace {

using ::testing::Contains;
using ::testing::Key;

const SampleTopic& Earphones() {
  static const auto* const topic = new SampleTopic{"3C", {"藍牙耳機"}, {"藍芽耳機"}, {}, {}, {}, {}};
  return *topic;
}

std::map<std::string, int> TypeOften(absl::string_view text, const SampleTypist& typist) {
  SampleRandom random(7);
  std::map<std::string, int> typed;
  for (int i = 0; i < 2000; ++i) ++typed[TypeQuery(text, &Earphones(), typist, random)];
  return typed;
}

TEST(TypeQueryTest, MostTypeTheUsualSpelling) {
  const auto typed = TypeOften("sony 藍牙耳機", {});
  EXPECT_GT(typed.at("sony 藍牙耳機"), 1900);
  EXPECT_THAT(typed, Contains(Key(" sony 藍牙耳機")));
}

TEST(TypeQueryTest, WhoSlipsTypesTheHomophone) {
  const auto typed = TypeOften("sony 藍牙耳機", {.slips_per_mille = 500});
  EXPECT_NEAR(typed.at("sony 藍芽耳機"), 1000, 100);
}

TEST(TypeQueryTest, HabitsShow) {
  EXPECT_THAT(TypeOften("sony 藍牙耳機", {.simplified = true}), Contains(Key("sony 蓝牙耳机")));
  EXPECT_THAT(TypeOften("sony 藍牙耳機", {.no_spaces = true}), Contains(Key("sony藍牙耳機")));
  EXPECT_THAT(TypeOften("airpods pro 藍牙", {.no_spaces = true}), Contains(Key("airpods pro藍牙")));
  EXPECT_THAT(TypeOften("airpods pro", {.capitals = true}), Contains(Key("Airpods Pro")));
  EXPECT_THAT(TypeOften("ps5 手把", {.full_width = true}), Contains(Key("ｐｓ５　手把")));
}

TEST(TypistTest, HabitsStayWithTheUserAndAreRare) {
  int simplified = 0, no_spaces = 0;
  for (uint64_t user = 0; user < 10000; ++user) {
    EXPECT_EQ(TypistOf(user).simplified, TypistOf(user).simplified);
    simplified += TypistOf(user).simplified;
    no_spaces += TypistOf(user).no_spaces;
  }
  EXPECT_NEAR(simplified, 250, 75);
  EXPECT_NEAR(no_spaces, 800, 150);
}

TEST(HalfTypedTest, CutsWithinTheQueryAndMayEndInZhuyin) {
  SampleRandom random(1);
  std::set<std::string> halves;
  for (int i = 0; i < 200; ++i) halves.insert(HalfTyped("藍牙耳機", random).value());
  EXPECT_THAT(halves, ::testing::ElementsAre("藍", "藍ㄧ", "藍牙", "藍牙ㄦ", "藍牙耳", "藍牙耳ㄐ"));
}

TEST(HalfTypedTest, LeavesShortQueriesWhole) {
  SampleRandom random(1);
  EXPECT_EQ(HalfTyped("米", random), std::nullopt);
  EXPECT_EQ(HalfTyped("ps5", random), std::nullopt);
}

TEST(LatinSlipTest, ChangesOneLongWordTheSameWayEveryTime) {
  for (uint64_t variant = 0; variant < kLatinSlips; ++variant) {
    const std::string slip = LatinSlip("airpods pro 推薦", variant);
    EXPECT_EQ(slip, LatinSlip("airpods pro 推薦", variant));
    EXPECT_NEAR(static_cast<double>(slip.size()), 18.0, 1.0);
    EXPECT_EQ(slip.substr(slip.size() - 10), "pro 推薦");
  }
  EXPECT_EQ(LatinSlip("ps5 手把", 0), "ps5 手把");
  EXPECT_EQ(LatinSlip("", 0), "");
}

TEST(RespelledTest, ReplacesTheNameWhereverItStands) {
  EXPECT_EQ(Respelled("無線藍牙耳機 推薦", "藍牙耳機", "藍芽耳機"), "無線藍芽耳機 推薦");
  EXPECT_EQ(Respelled("sony", "藍牙耳機", "藍芽耳機"), "sony");
}

}  // namespace
}  // namespace kindred
