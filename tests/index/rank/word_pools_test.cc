#include "index/rank/word_pools.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;

// "red tent" with "lamp", "blue tent" with "lamp" and "stove", by two users each.
EventTable Camping() {
  LogBuilder log;
  for (const char* user : {"u", "v"}) log.Search(user, 0, "red tent").Search(user, 60, "lamp");
  for (const char* user : {"w", "x"}) {
    log.Search(user, 0, "blue tent").Search(user, 60, "lamp").Search(user, 120, "stove");
  }
  return log.Table();
}

TEST(WordPoolsTest, PoolSumsTheRowsOfAllQueriesWithTheWord) {
  const EventTable table = Camping();
  const MinedLog mined = *Mine(table, {});
  RankOptions options;
  const NeighborRows rows = BuildNeighborRows(mined, options);
  ASSERT_OK_AND_ASSIGN(const WordPools pools, BuildWordPools(table.queries, mined, rows, options));
  const auto words = pools.words_of_query[IdOf(table, "red tent")];
  ASSERT_EQ(words.size(), 2u);
  // "tent" is in two queries, "red" in one.
  const WordId tent = pools.idf[words[0]] < pools.idf[words[1]] ? words[0] : words[1];
  EXPECT_NEAR(pools.idf[tent], std::log(1 + 4.0 / 3), 1e-12);
  float lamp = 0, stove = 0;
  for (const PoolEntry& entry : pools.pools[tent]) {
    if (entry.query == IdOf(table, "lamp")) lamp = entry.users;
    if (entry.query == IdOf(table, "stove")) stove = entry.users;
  }
  EXPECT_EQ(lamp, 4);
  EXPECT_EQ(stove, 2);
  EXPECT_EQ(pools.user_sums[tent], 6);
}

TEST(WordPoolsTest, CapKeepsTheStrongestAndReports) {
  const EventTable table = Camping();
  const MinedLog mined = *Mine(table, {});
  RankOptions options;
  options.caps.word_pool = 1;
  const NeighborRows rows = BuildNeighborRows(mined, options);
  ASSERT_OK_AND_ASSIGN(const WordPools pools, BuildWordPools(table.queries, mined, rows, options));
  for (WordId word = 0; word < pools.pools.rows(); ++word) EXPECT_LE(pools.pools[word].size(), 1u);
  EXPECT_GT(pools.pools_cut, 0u);
}

// Six titles, three of which hold "of": four people searched each two of them. Two tents: so many people searched both.
EventTable TitlesAndTents(int campers) {
  const std::vector<std::string> titles = {"call of duty", "gears of war", "lord of rings", "halo", "forza", "skyrim"};
  LogBuilder log;
  int user = 0;
  const auto search_both = [&](const std::string& first, const std::string& second) {
    log.Search(absl::StrCat(user), 0, first).Search(absl::StrCat(user), 60, second);
    ++user;
  };
  for (size_t i = 0; i < titles.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      for (int person = 0; person < 4; ++person) search_both(titles[i], titles[j]);
    }
  }
  for (int i = 0; i < campers; ++i) search_both("red tent", "blue tent");
  return log.Table();
}

// Of the one word in both.
void ExpectHub(const EventTable& table, const char* a, const char* b, bool is_hub) {
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, {}));
  const RankOptions options;
  const NeighborRows rows = BuildNeighborRows(mined, options);
  ASSERT_OK_AND_ASSIGN(const WordPools pools, BuildWordPools(table.queries, mined, rows, options));
  const auto of_a = pools.words_of_query[IdOf(table, a)], of_b = pools.words_of_query[IdOf(table, b)];
  std::vector<WordId> both;
  std::set_intersection(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(), std::back_inserter(both));
  ASSERT_EQ(both.size(), 1u);
  EXPECT_EQ(pools.is_hub[both.front()], is_hub);
}

// Of the 60 others beside titles with "of", 24 hold it: with the prior 27 of 70, odds .63. If every query went with any
// other but itself, it would be 40 of 100 + 2 * campers: odds .33 and .30, which are a ratio of 1.9 and 2.1. Were a
// query its own chance, 60 of 120 + 2 * campers: 1.3 and 1.4.
TEST(WordPoolsTest, AWordIsAHubUnlessItGoesTogetherAtTwiceTheOddsOfChance) {
  ExpectHub(TitlesAndTents(30), "call of duty", "gears of war", true);
  ExpectHub(TitlesAndTents(36), "call of duty", "gears of war", false);
}

TEST(WordPoolsTest, AWordThatGoesTogetherByFarIsNone) { ExpectHub(TitlesAndTents(30), "red tent", "blue tent", false); }

TEST(WordPoolsTest, AWordInEveryQueryIsAHub) {
  LogBuilder log;
  for (const char* user : {"u", "v", "w"}) log.Search(user, 0, "red tent").Search(user, 60, "blue tent");
  ExpectHub(log.Table(), "red tent", "blue tent", true);
}

TEST(WordPoolsTest, AWordThatNothingIsKnownOfIsNone) {
  LogBuilder log;
  log.Search("u", 0, "red tent").Search("v", 0, "blue tent");
  ExpectHub(log.Table(), "red tent", "blue tent", false);
}

}  // namespace
}  // namespace kindred
