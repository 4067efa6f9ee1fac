#include "index/lookup/similar_lists.h"

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/lookup/near_search.h"
#include "tests/index/lookup/lookup_index.h"
#include "tests/index/lookup/tiny_near_index.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::MakeList;
using ::kindred::testing::Normal;
using ::kindred::testing::OpenLookupIndex;
using ::kindred::testing::OpenTinyIndex;
using ::kindred::testing::TempDir;
using ::kindred::testing::TinyLists;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::vector<std::string> Displays(const SimilarLists::Answer& answer) {
  std::vector<std::string> displays;
  for (const WeightedList& list : answer.lists) displays.emplace_back(list.list.display);
  return displays;
}

class SimilarListsTest : public ::testing::Test {
 protected:
  SimilarLists::Answer Find(const TinyLists& lists, const std::string& query, uint32_t min_users = 2) {
    const TempDir dir;
    auto reader = OpenLookupIndex(dir, lists, min_users);
    EXPECT_OK(reader);
    if (!reader.ok()) return {};
    readers_.push_back(*reader);
    const SimilarLists similar(**reader);
    absl::StatusOr<SimilarLists::Answer> answer = similar.Find("", Normal(query));
    EXPECT_OK(answer);
    return answer.value_or(SimilarLists::Answer());
  }

  std::vector<std::shared_ptr<const IndexReader>> readers_;  // Answers must not outlive theirs.
};

TEST_F(SimilarListsTest, AnotherSpacingOfTheQueryAnswersAlone) {
  const TinyLists lists = {{"PlayStation 5", MakeList("PlayStation 5", {"ps5 controller"})},
                           {"play station 4", MakeList("play station 4", {"ps4 controller"})}};
  const SimilarLists::Answer answer = Find(lists, "play station5");
  EXPECT_THAT(Displays(answer), ElementsAre("PlayStation 5"));
  EXPECT_TRUE(answer.respelling);
}

TEST_F(SimilarListsTest, AMisspeltQueryIsAnsweredByTheWellSpeltOneAlone) {
  const TinyLists lists = {{"gears of war", MakeList("Gears of War", {"halo reach"}, 50)},
                           {"gears of war 2", MakeList("gears of war 2", {"gears of war 3"}, 20)},
                           {"gears of war map pack", MakeList("gears of war map pack", {"xbox live"}, 20)}};
  const SimilarLists::Answer answer = Find(lists, "geears of war");
  EXPECT_THAT(Displays(answer), ElementsAre("Gears of War"));
  EXPECT_TRUE(answer.respelling);
}

TEST_F(SimilarListsTest, OfSeveralSpellingsTheOneOfMostUsersAnswers) {
  TinyLists lists = {{"bluetooth headphones", MakeList("bluetooth headphones", {"sony"}, 90)},
                     {"blutooth headphones", MakeList("blutooth headphones", {"bose"}, 3)}};
  EXPECT_THAT(Displays(Find(lists, "bluetooh headphones")), ElementsAre("bluetooth headphones"));
  lists.at("blutooth headphones").users = 91;
  EXPECT_THAT(Displays(Find(lists, "bluetooh headphones")), ElementsAre("blutooth headphones"));
}

TEST_F(SimilarListsTest, UpToThreeNearQueriesAnswerNearestFirst) {
  const TinyLists lists = {{"camping tent", MakeList("camping tent", {"stove"})},
                           {"camping tent 4 person", MakeList("camping tent 4 person", {"lantern"})},
                           {"tent on sale", MakeList("tent on sale", {"table"})},
                           {"camping stove gas", MakeList("camping stove gas", {"gas"})},
                           {"violin", MakeList("violin", {"bow"})}};
  const SimilarLists::Answer answer = Find(lists, "camping tent sale");
  EXPECT_FALSE(answer.respelling);
  ASSERT_THAT(answer.lists, SizeIs(3));
  EXPECT_EQ(answer.lists[0].list.display, "camping tent");
  for (const WeightedList& list : {answer.lists[1], answer.lists[2]}) {
    EXPECT_LT(list.weight, answer.lists[0].weight) << list.list.display;
    EXPECT_GT(list.weight, 0) << list.list.display;
  }
}

// Where many queries hold "手機殼", the rest of the query is rarer, and nearer what shares that.
TEST_F(SimilarListsTest, WhatTheQueryHoldsWholeCountsMore) {
  TinyLists lists = {{"手機殼", MakeList("手機殼", {"保護貼"})},
                     {"按摩槍超迷你款", MakeList("按摩槍超迷你款", {"按摩槍"})}};
  for (const char* more :
       {"皮革", "透明", "磁吸", "防摔", "可愛", "軍規", "矽膠", "卡通", "鏡面", "霧面", "碳纖", "掛繩"}) {
    const std::string query = absl::StrCat(more, "手機殼");
    lists.emplace(query, MakeList(query, {"手機"}));
  }
  const SimilarLists::Answer answer = Find(lists, "手機殼超迷你款");
  ASSERT_THAT(Displays(answer), ::testing::IsSupersetOf({"手機殼", "按摩槍超迷你款"}));
  const auto weight = [&](const std::string& display) {
    return absl::c_find_if(answer.lists, [&](const auto& list) { return list.list.display == display; })->weight;
  };
  EXPECT_GT(weight("手機殼"), weight("按摩槍超迷你款"));
}

TEST_F(SimilarListsTest, WhatOnePersonTypedDecidesLittle) {
  const TinyLists lists = {{"耳機推薦", MakeList("耳機推薦", {"耳機"}, 1)}, {"貓砂", MakeList("貓砂", {"貓砂盆"}, 40)}};
  const SimilarLists::Answer answer = Find(lists, "貓砂推薦");
  ASSERT_THAT(answer.lists, SizeIs(2));
  for (const WeightedList& list : answer.lists) {
    EXPECT_LT(list.weight, list.list.display == "貓砂" ? 1 : .06) << list.list.display;
    EXPECT_GT(list.weight, list.list.display == "貓砂" ? .2 : 0) << list.list.display;
  }
}

// Queries that hold the rarer word are nearer than the thing itself, which so many hold.
TEST_F(SimilarListsTest, APartOfTheQueryAnswersThoughOthersAreNearer) {
  TinyLists lists = {{"貓砂", MakeList("貓砂", {"貓砂盆"}, 200)}};
  for (const char* thing : {"耳機", "鋼筆", "床墊"}) {
    lists.emplace(absl::StrCat(thing, "超可愛"), MakeList(absl::StrCat(thing, " 超可愛"), {thing}));
  }
  for (const char* more :
       {"豆腐", "凝結", "除臭", "礦物", "水晶", "低塵", "團購", "推薦", "大包", "環保", "松木", "紙製",
        "活性", "膨潤", "綠茶", "原味", "玉米", "木屑", "細砂", "粗砂", "日本", "德國", "北歐", "澳洲"}) {
    lists.emplace(absl::StrCat("貓砂", more), MakeList(absl::StrCat("貓砂", more), {"鏟"}));
  }
  const SimilarLists::Answer answer = Find(lists, "貓砂超可愛");
  ASSERT_THAT(Displays(answer), ElementsAre("床墊 超可愛", "耳機 超可愛", "鋼筆 超可愛", "貓砂"));
  // Of "^貓砂超可愛$" the part has "^貓" and "貓砂", which 25 of 28 documents hold; three grams are in 3, one in none.
  const auto squared = [](double document_frequency) { return std::pow(GramWeight(28, document_frequency), 2); };
  const double share = 2 * squared(25) / (2 * squared(25) + 3 * squared(3) + squared(0));
  EXPECT_NEAR(answer.lists[3].weight, std::sqrt(share) * 200 / 210, 1e-6);
  EXPECT_THAT(Displays(Find(lists, "貓砂推薦好")), ::testing::Contains("貓砂").Times(1));
}

TEST_F(SimilarListsTest, WordsInAnotherOrderAnswer) {
  const TinyLists lists = {{"狗飼料", MakeList("狗 飼料", {"犬糧"}, 40)},
                           {"貓飼料", MakeList("貓飼料", {"貓糧"}, 400)}};
  const SimilarLists::Answer answer = Find(lists, "飼料 狗");
  ASSERT_THAT(Displays(answer), ::testing::Contains("狗 飼料"));
  for (const WeightedList& list : answer.lists) {
    if (list.list.display == "狗 飼料")
      EXPECT_FLOAT_EQ(list.weight, .8);
    else
      EXPECT_LT(list.weight, .8) << list.list.display;
  }
}

TEST_F(SimilarListsTest, AtMostTwoPartsAnswer) {
  TinyLists lists;
  for (const char* part : {"red", "tent", "cheap", "poles"}) lists.emplace(part, MakeList(part, {"stove"}));
  // One is near.
  EXPECT_THAT(Find(lists, "red tent cheap poles").lists, SizeIs(3));
  lists.at("tent").users = 1;
  EXPECT_THAT(Displays(Find(lists, "red tent cheap poles")), UnorderedElementsAre("red", "cheap", "poles"));
}

TEST_F(SimilarListsTest, ANearQueryStandsInItsOwnListLevelWithTheBest) {
  const TinyLists lists = {{"無線藍牙耳機", MakeList("無線藍牙耳機", {"藍牙喇叭", "耳機收納"})}};
  const SimilarLists::Answer answer = Find(lists, "無線藍牙耳機推薦");
  ASSERT_THAT(answer.lists, SizeIs(1));
  const std::vector<CandidateView>& candidates = answer.lists[0].list.candidates;
  ASSERT_THAT(candidates, SizeIs(3));
  EXPECT_EQ(candidates[0].keyword, "無線藍牙耳機");
  EXPECT_EQ(candidates[0].query_fingerprint, QueryFingerprint(Normal("無線藍牙耳機")));
  EXPECT_EQ(candidates[0].score, candidates[1].score);
  EXPECT_EQ(candidates[0].evidence.users, 0) << "nobody is known to have searched both";
  EXPECT_GE(candidates[0].evidence.shared_words, 2);
  EXPECT_GT(candidates[0].signals[kJaccard], .3);
  EXPECT_LT(candidates[0].signals[kJaccard], 1);
}

TEST_F(SimilarListsTest, ANearQueryOfTooFewPeopleIsNotShown) {
  const TinyLists lists = {{"camping tent", MakeList("camping tent", {"stove"}, 4)}};
  EXPECT_THAT(Find(lists, "camping tent sale", 4).lists[0].list.candidates, SizeIs(2));
  EXPECT_THAT(Find(lists, "camping tent sale", 5).lists[0].list.candidates, SizeIs(1));
}

TEST_F(SimilarListsTest, ANearQueryWithoutASharedWordIsNotShown) {
  const TinyLists lists = {{"headphones", MakeList("headphones", {"earbuds"})}};
  const SimilarLists::Answer answer = Find(lists, "headphonzz");
  ASSERT_THAT(Displays(answer), ElementsAre("headphones"));
  EXPECT_THAT(answer.lists[0].list.candidates, SizeIs(1));
}

TEST_F(SimilarListsTest, WithoutARecordedMinimumOfUsersNoNearQueryIsShown) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto reader,
                       OpenTinyIndex(dir, TinyLists{{"camping tent", MakeList("camping tent", {"stove"})}}));
  ASSERT_OK_AND_ASSIGN(const auto answer, SimilarLists(*reader).Find("", Normal("camping tent sale")));
  ASSERT_THAT(Displays(answer), ElementsAre("camping tent"));
  EXPECT_THAT(answer.lists[0].list.candidates, SizeIs(1));
}

TEST_F(SimilarListsTest, NothingNearIsNoAnswer) {
  const TinyLists lists = {{"camping tent", MakeList("camping tent", {"stove"})}};
  EXPECT_THAT(Find(lists, "violin").lists, IsEmpty());
}

TEST_F(SimilarListsTest, EachMarketHasItsOwn) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto reader,
                       OpenTinyIndex(dir, {{"de", {{"camping zelt", MakeList("camping zelt", {"kocher"})}}},
                                           {"us", {{"camping tent", MakeList("camping tent", {"stove"})}}}}));
  const SimilarLists similar(*reader);
  ASSERT_OK_AND_ASSIGN(const auto here, similar.Find("us", Normal("camping tent sale")));
  EXPECT_THAT(Displays(here), ElementsAre("camping tent"));
  ASSERT_OK_AND_ASSIGN(const auto there, similar.Find("de", Normal("tent sale")));
  EXPECT_THAT(there.lists, IsEmpty());
  ASSERT_OK_AND_ASSIGN(const auto nowhere, similar.Find("fr", Normal("camping tent sale")));
  EXPECT_THAT(nowhere.lists, IsEmpty());
}

}  // namespace
}  // namespace kindred
