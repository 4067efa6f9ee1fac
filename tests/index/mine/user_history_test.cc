#include "index/mine/user_history.h"

#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"

namespace kindred {
namespace {

using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;

std::vector<std::string> SearchTexts(const EventTable& table, absl::Span<const Search> searches) {
  std::vector<std::string> texts;
  for (const Search& search : searches) texts.emplace_back(table.queries[search.query].text());
  return texts;
}

std::optional<UserHistory> Clean(const EventTable& table, const HistoryOptions& options = {}) {
  return CleanHistory(table, table.rows, options);
}

TEST(UserHistoryTest, GapOfExactlyTheLimitStaysTogether) {
  const EventTable table =
      LogBuilder().Search("u", 0, "a1").Search("u", 1800, "b1").Search("u", 3600.001, "c1").Table();
  const auto history = Clean(table);
  ASSERT_EQ(history->sessions.size(), 2u);
  EXPECT_THAT(SearchTexts(table, history->sessions[0]), ElementsAre("a1", "b1"));
  EXPECT_THAT(SearchTexts(table, history->sessions[1]), ElementsAre("c1"));
}

TEST(UserHistoryTest, SearchWithSeveralClicksIsOneSearch) {
  const EventTable table = LogBuilder().Click("u", 0, "tent", "p2").Click("u", 0, "tent", "p1").Table();
  const auto history = Clean(table);
  EXPECT_EQ(history->searches.size(), 1u);
  EXPECT_EQ(history->clicks.size(), 2u);
}

TEST(UserHistoryTest, ClicksAreDistinctByQueryAndItem) {
  const EventTable table = LogBuilder().Click("u", 0, "tent", "p1").Click("u", 60, "tent", "p1").Table();
  const auto history = Clean(table);
  EXPECT_EQ(history->searches.size(), 2u);
  EXPECT_EQ(history->clicks.size(), 1u);
}

TEST(UserHistoryTest, HalfTypedQueryIsLeftOut) {
  const EventTable table = LogBuilder().Search("u", 0, "gears o").Search("u", 3, "gears of war").Table();
  const auto history = Clean(table);
  EXPECT_THAT(SearchTexts(table, history->searches), ElementsAre("gears of war"));
  EXPECT_EQ(history->half_typed, 1u);
}

TEST(UserHistoryTest, HalfTypedQuerySentTwiceIsLeftOutTwice) {
  const EventTable table = LogBuilder().Search("u", 0, "xbo").Search("u", 1, "xbo").Search("u", 2, "xbox").Table();
  EXPECT_EQ(Clean(table)->half_typed, 2u);
}

TEST(UserHistoryTest, HalfTypedZhuyinIsLeftOut) {
  const EventTable table = LogBuilder().Search("u", 0, "藍牙ㄦ").Search("u", 2, "藍牙耳機").Table();
  EXPECT_EQ(Clean(table)->searches.size(), 1u);
}

TEST(UserHistoryTest, SlowOrClickedExtensionIsARefinement) {
  EXPECT_EQ(Clean(LogBuilder().Search("u", 0, "xbox").Search("u", 20, "xbox 360").Table())->searches.size(), 2u);
  EXPECT_EQ(Clean(LogBuilder().Click("u", 0, "xbox", "p").Search("u", 3, "xbox 360").Table())->searches.size(), 2u);
}

TEST(UserHistoryTest, RobotIsAUserOverTheDailyLimit) {
  LogBuilder busy, robot;
  for (int i = 0; i < 3; ++i) busy.Search("u", i * 60, "q" + std::to_string(i));
  for (int i = 0; i < 4; ++i) robot.Search("u", i * 60, "q" + std::to_string(i));
  const HistoryOptions options{.max_user_queries_per_day = 3};
  EXPECT_TRUE(Clean(busy.Table(), options).has_value());
  EXPECT_FALSE(Clean(robot.Table(), options).has_value());
}

TEST(UserHistoryTest, DailyLimitIsPerDay) {
  LogBuilder log;
  for (int i = 0; i < 9; ++i) log.Search("u", i * 12 * 3600, "q" + std::to_string(i));
  EXPECT_TRUE(Clean(log.Table(), {.max_user_queries_per_day = 3}).has_value());
}

TEST(IsUnfinishedTest, TellsPrefixesFromOthers) {
  const struct {
    const char *typed, *query;
    bool want;
  } kCases[] = {
      {"gears o", "gears of war", true}, {"gears of war", "gears of war", false},
      {"gears of war", "gears", false},  {"halo", "gears of war", false},
      {"藍", "藍牙耳機", true},          {"藍牙ㄦ", "藍牙耳機", true},
      {"手機ㄎ", "手機", true},          {"ㄕㄡ", "手機", true},
      {"耳機", "藍牙耳機", false},
  };
  for (const auto& c : kCases) EXPECT_EQ(IsUnfinished(c.typed, c.query), c.want) << c.typed << " / " << c.query;
}

TEST(ForEachUserTest, VisitsEachUsersRowsOnce) {
  const EventTable table = LogBuilder().Search("a", 0, "x1").Search("b", 0, "x1").Search("a", 9, "x2").Table();
  std::vector<size_t> sizes;
  ForEachUser(table.rows, [&](absl::Span<const EventRow> rows) { sizes.push_back(rows.size()); });
  EXPECT_THAT(sizes, ElementsAre(2, 1));
}

}  // namespace
}  // namespace kindred
