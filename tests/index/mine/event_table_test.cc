#include "index/mine/event_table.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

std::vector<std::string> Texts(const EventTable& table) {
  std::vector<std::string> texts;
  for (const NormalizedQuery& query : table.queries) texts.emplace_back(query.text());
  return texts;
}

TEST(EventTableTest, SpellingsOfOneQueryShareIt) {
  const EventTable table = LogBuilder().Search("u", 0, "Gears of War").Search("u", 1, " gears  of war ").Table();
  EXPECT_THAT(Texts(table), ElementsAre("gears of war"));
  ASSERT_EQ(table.spellings.size(), 2u);
  EXPECT_EQ(table.spellings[0].display, "Gears of War");
  EXPECT_EQ(table.spellings[1].display, "gears of war");
}

TEST(EventTableTest, DisplayShowsNoControlCharactersAndNormalizesToItsQuery) {
  const EventTable table = LogBuilder()
                               .Search("u", 0, std::string("ab\x01") + "cd")
                               .Search("u", 1,
                                       "ab\xe2\x80\x8b"
                                       "ef")  // Zero width space.
                               .Search("u", 2,
                                       "\xe2\x80\xae"
                                       "gh")  // Right-to-left override.
                               .Search("u", 3, "i\tj  k")
                               .Table();
  for (const Spelling& spelling : table.spellings) {
    EXPECT_EQ(*NormalizeQuery(spelling.display), table.queries[spelling.query]) << spelling.display;
  }
  std::vector<std::string> displays;
  for (const Spelling& spelling : table.spellings) displays.push_back(spelling.display);
  EXPECT_THAT(displays, UnorderedElementsAre("ab cd", "abef", "gh", "i j k"));
}

TEST(EventTableTest, QueriesAscendAndRowsAscendByUserAndTime) {
  const EventTable table =
      LogBuilder().Search("v", 5, "tent").Search("u", 9, "boots").Search("u", 1, "tent").Search("v", 2, "axe").Table();
  EXPECT_THAT(Texts(table), ElementsAre("axe", "boots", "tent"));
  EXPECT_TRUE(std::is_sorted(table.rows.begin(), table.rows.end()));
  EXPECT_EQ(table.users, 2u);
}

TEST(EventTableTest, EqualRowsCountOnce) {
  const EventTable table = LogBuilder().Click("u", 0, "tent", "p1").Click("u", 0, "tent", "p1").Table();
  EXPECT_EQ(table.rows.size(), 1u);
}

TEST(EventTableTest, OrderOfTheLogDoesNotMatter) {
  struct Event {
    std::string user, query, item;
    double seconds;
  };
  std::vector<Event> events;
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    events.push_back({"user" + std::to_string(random() % 20), "query " + std::to_string(random() % 30),
                      random() % 2 == 0 ? "" : "item" + std::to_string(random() % 9),
                      static_cast<double>(random() % 99)});
  }
  const auto build = [&] {
    LogBuilder log;
    for (const Event& e : events) {
      if (e.item.empty()) {
        log.Search(e.user, e.seconds, e.query);
      } else {
        log.Click(e.user, e.seconds, e.query, e.item);
      }
    }
    return log.Table();
  };
  const EventTable first = build();
  std::shuffle(events.begin(), events.end(), random);
  const EventTable second = build();
  EXPECT_EQ(Texts(first), Texts(second));
  EXPECT_EQ(first.rows, second.rows);
}

TEST(EventTableTest, BetweenKeepsTheWindowAndRenumbers) {
  const EventTable table =
      LogBuilder().Search("u", 0, "axe").Click("v", 10, "boots", "p2").Click("w", 20, "tent", "p1").Table();
  const EventTable cut = table.Between(LogBuilder::kStartMs + 10'000, LogBuilder::kStartMs + 20'000);
  EXPECT_THAT(Texts(cut), ElementsAre("boots"));
  ASSERT_EQ(cut.rows.size(), 1u);
  EXPECT_EQ(cut.rows[0].user, 0u);
  EXPECT_EQ(cut.rows[0].item, 0u);
  EXPECT_EQ(cut.users, 1u);
  EXPECT_EQ(cut.items, 1u);
  EXPECT_EQ(cut.spellings.size(), 1u);
}

TEST(EventTableTest, FindsItsQueriesAndNoOthers) {
  const EventTable table = LogBuilder().Search("u", 0, "tent").Search("u", 1, "boots").Table();
  for (QueryId id = 0; id < table.queries.size(); ++id) EXPECT_EQ(table.Find(table.queries[id]), id);
  for (const char* other : {"aa", "lamp", "zz"}) EXPECT_EQ(table.Find(*NormalizeQuery(other)), std::nullopt) << other;
}

TEST(EventTableBuilderTest, PersonalDataAndPunctuationAreLeftOutAndCounted) {
  EventTableBuilder builder;
  SearchEvent event;
  event.user = "u";
  event.time_ms = LogBuilder::kStartMs;
  for (const char* query : {"tent", "jane@example.com", "!!!", "jane@example.com"}) {
    event.query = query;
    ASSERT_TRUE(builder.Add(event).ok());
  }
  EXPECT_THAT(builder.dropped(), UnorderedElementsAre(Pair("nothing but punctuation", 1), Pair("e-mail address", 2)));
  const std::vector<EventTable> tables = builder.Finish();
  EXPECT_THAT(Texts(tables.at(0)), ElementsAre("tent"));
}

TEST(EventTableBuilderTest, MarketsAreApart) {
  const std::vector<EventTable> tables =
      LogBuilder().Search("u", 0, "tent", "tw").Search("u", 1, "boots", "jp").Search("u", 2, "tent", "jp").Tables();
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0].market, "jp");
  EXPECT_THAT(Texts(tables[0]), ElementsAre("boots", "tent"));
  EXPECT_EQ(tables[1].market, "tw");
  EXPECT_THAT(Texts(tables[1]), ElementsAre("tent"));
}

}  // namespace
}  // namespace kindred
