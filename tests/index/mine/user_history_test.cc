#include "index/mine/user_history.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/mine/user_rows.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::kDay;
using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::vector<std::string> SearchTexts(const EventTable& table, absl::Span<const Search> searches) {
  std::vector<std::string> texts;
  for (const Search& search : searches) texts.emplace_back(table.queries[search.query].text());
  return texts;
}

// Of the table's only user.
std::optional<UserHistory> Clean(const EventTable& table, const HistoryOptions& options = {}) {
  HistoryCleaner cleaner(table, options);
  std::optional<UserHistory> history;
  EXPECT_OK(ForEachUser(table, {}, [&](absl::Span<const EventRow> rows) {
    // The cleaner dies here and its history with it.
    if (const UserHistory* cleaned = cleaner.Clean(rows)) {
      history.emplace();
      history->searches = cleaned->searches;
      history->queries = cleaned->queries;
      history->clicks = cleaned->clicks;
      history->half_typed = cleaned->half_typed;
      for (const absl::Span<const Search> session : cleaned->sessions) {
        const auto begin = static_cast<size_t>(session.data() - cleaned->searches.data());
        history->sessions.push_back(absl::MakeConstSpan(history->searches).subspan(begin, session.size()));
      }
    }
  }));
  return history;
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

TEST(UserHistoryTest, HalfTypedQuerySentOverAndOverIsLeftOutFromWhereItIsExtended) {
  constexpr int kTimes = 300'000;
  LogBuilder log;
  for (int i = 0; i < kTimes; ++i) log.Search("u", i, "xbo");
  const EventTable table = log.Search("u", kTimes, "xbox").Table();
  EXPECT_EQ(Clean(table, {.max_user_queries_per_day = 1'000'000})->half_typed, 4u);
}

TEST(UserHistoryTest, TimesWithoutSecondsTellNothingOfTyping) {
  const auto kept = [](double first, double second) {
    return Clean(LogBuilder().Search("u", first, "iphone").Search("u", second, "iphone case").Table())->searches.size();
  };
  EXPECT_EQ(kept(40, 40), 2u);
  EXPECT_EQ(kept(kDay + 40, kDay + 40), 2u);
  EXPECT_EQ(kept(100, 100), 2u);
  EXPECT_EQ(kept(0, 0), 1u);
  EXPECT_EQ(kept(40, 41), 1u);
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

TEST(UserHistoryTest, QueriesAreInOrderOfFirstSearchAndKnowTheirLast) {
  const EventTable table = LogBuilder()
                               .Search("u", 0, "tent")
                               .Search("u", 60, "boots")
                               .Search("u", 120, "axe")
                               .Search("u", 180, "tent")
                               .Table();
  const auto history = Clean(table);
  std::vector<std::string> texts;
  std::vector<uint32_t> firsts, lasts, places;
  for (const UserQuery& query : history->queries) {
    texts.emplace_back(table.queries[query.query].text());
    firsts.push_back(query.first);
    lasts.push_back(query.last);
  }
  for (const Search& search : history->searches) places.push_back(search.place);
  EXPECT_THAT(texts, ElementsAre("tent", "boots", "axe"));
  EXPECT_THAT(firsts, ElementsAre(0, 1, 2));
  EXPECT_THAT(lasts, ElementsAre(3, 1, 2));
  EXPECT_THAT(places, ElementsAre(0, 1, 2, 0));
}

TEST(HistoryCleanerTest, QueriesAreDistinctWhateverTheirIds) {
  LogBuilder log;
  for (int i = 0; i < 5000; ++i) log.Search("u", 0, "thing" + std::to_string(i));
  const EventTable table = log.Table();
  HistoryCleaner cleaner(table, {.max_user_queries_per_day = 1000});
  std::mt19937 random(1);
  std::vector<QueryId> all(table.queries.size());
  std::iota(all.begin(), all.end(), 0);
  for (uint32_t queries = 1; queries <= 100; ++queries) {
    std::vector<QueryId> ids;
    std::sample(all.begin(), all.end(), std::back_inserter(ids), queries, random);
    std::shuffle(ids.begin(), ids.end(), random);
    std::vector<EventRow> rows;
    for (uint32_t i = 0; i < 2 * queries; ++i) {
      const QueryId id = ids[i % queries];
      rows.push_back({i * 60'000, id, id, kNoItem, Action::kSearch, Found::kUnknown});
    }
    const UserHistory* const history = cleaner.Clean(rows);
    ASSERT_EQ(history->queries.size(), queries);
    for (uint32_t place = 0; place < queries; ++place) {
      EXPECT_EQ(history->queries[place].query, ids[place]);
      EXPECT_EQ(history->queries[place].first, place);
      EXPECT_EQ(history->queries[place].last, place + queries);
      EXPECT_EQ(history->searches[place].place, place);
      EXPECT_EQ(history->searches[place + queries].place, place);
    }
  }
}

TEST(HistoryCleanerTest, ForgetsTheUserBefore) {
  const EventTable table =
      LogBuilder().Click("u", 0, "tent", "p").Search("u", 60, "boots").Search("v", 0, "boots").Table();
  HistoryCleaner cleaner(table, {});
  std::vector<size_t> queries, clicks;
  EXPECT_OK(ForEachUser(table, {}, [&](absl::Span<const EventRow> rows) {
    const UserHistory* history = cleaner.Clean(rows);
    queries.push_back(history->queries.size());
    clicks.push_back(history->clicks.size());
  }));
  EXPECT_THAT(queries, UnorderedElementsAre(1, 2));
  EXPECT_THAT(clicks, UnorderedElementsAre(0, 1));
}

}  // namespace
}  // namespace kindred
