#include "index/mine/event_table.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/parallel_for.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/mine/user_rows.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

std::vector<std::string> Texts(const EventTable& table) {
  std::vector<std::string> texts;
  for (const NormalizedView query : table.queries) texts.emplace_back(query.text());
  return texts;
}

std::vector<std::pair<QueryId, std::string>> SpellingsOf(const EventTable& table) {
  std::vector<std::pair<QueryId, std::string>> spellings;
  for (const Spelling& spelling : table.spellings) spellings.emplace_back(spelling.query, spelling.display);
  return spellings;
}

TEST(EventTableTest, SpellingsOfOneQueryShareIt) {
  const EventTable table = LogBuilder().Search("u", 0, "Gears of War").Search("u", 1, " gears  of war ").Table();
  EXPECT_THAT(Texts(table), ElementsAre("gears of war"));
  EXPECT_THAT(SpellingsOf(table), ElementsAre(Pair(0, "Gears of War"), Pair(0, "gears of war")));
}

TEST(EventTableTest, ANormalFormThatNobodyTypedIsNoSpelling) {
  const EventTable table = LogBuilder().Search("u", 0, "Tent").Search("v", 1, "TENT").Table();
  EXPECT_THAT(Texts(table), ElementsAre("tent"));
  EXPECT_THAT(SpellingsOf(table), ElementsAre(Pair(0, "TENT"), Pair(0, "Tent")));
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
  for (const Spelling& spelling : table.spellings) displays.emplace_back(spelling.display);
  EXPECT_THAT(displays, UnorderedElementsAre("ab cd", "abef", "gh", "i j k"));
}

TEST(EventTableTest, WithoutDetailAQueryIsItsOwnSpellingAndAllProductsAreOne) {
  LogBuilder log({}, TableDetail::kQueries);
  log.Search("u", 0, "Tent").Search("u", 1, "tent ").Click("u", 2, "TENT", "a").Click("v", 3, "Boots", "b");
  const EventTable table = log.Table();
  EXPECT_THAT(Texts(table), ElementsAre("boots", "tent"));
  EXPECT_THAT(SpellingsOf(table), ElementsAre(Pair(0, "boots"), Pair(1, "tent")));
  EXPECT_EQ(table.items(), 1u);
  std::vector<ItemId> items;
  ASSERT_OK(ForEachUser(table, {}, [&](absl::Span<const EventRow> rows) {
    for (const EventRow& row : rows) items.push_back(row.item);
  }));
  EXPECT_THAT(items, UnorderedElementsAre(kNoItem, kNoItem, 0u, 0u));
}

TEST(EventTableTest, QueriesAscend) {
  const EventTable table = LogBuilder().Search("v", 5, "tent").Search("u", 9, "boots").Search("v", 2, "axe").Table();
  EXPECT_THAT(Texts(table), ElementsAre("axe", "boots", "tent"));
}

TEST(EventTableTest, TellsWhenItsEventsWere) {
  const int64_t minute_ms = 60'000, start_ms = LogBuilder::kStartMs / minute_ms * minute_ms;
  const double start = static_cast<double>(start_ms - LogBuilder::kStartMs) / 1000;
  const EventTable table =
      LogBuilder().Search("u", start + 130, "tent").Search("v", start, "tent").Search("v", start + 59, "axe").Table();
  EXPECT_EQ(table.events(), 3u);
  EXPECT_EQ(table.first_ms(), start_ms);
  EXPECT_EQ(table.last_ms(), start_ms + 130'000);
  const auto minute = static_cast<uint32_t>(start_ms / minute_ms);
  EXPECT_THAT(table.minutes(), ElementsAre(Pair(minute, 2), Pair(minute + 2, 1)));
  EXPECT_EQ(table.EventsBefore(start_ms), 0u);
  EXPECT_EQ(table.EventsBefore(start_ms + 60'000), 2u);
  EXPECT_EQ(table.EventsBefore(start_ms + 130'000), 2u);  // Cut to its minute.
  EXPECT_EQ(table.EventsBefore(INT64_MAX), 3u);
  EXPECT_EQ(table.EventsBefore(INT64_MIN), 0u);
}

TEST(EventTableTest, OneEventOf64StandsForThemAllTheLastToo) {
  LogBuilder log;
  for (int i = 0; i < 128; ++i) log.Search("u", i, i < 64 ? "tent" : "boots");
  const EventTable table = log.Search("u", 128, "axe").Table();
  ASSERT_THAT(Texts(table), ElementsAre("axe", "boots", "tent"));
  for (QueryId query = 0; query < 3; ++query) EXPECT_EQ(table.about_events(query), 64u);
}

// Everything that counting reads of a table, in its order.
using Rows = std::vector<std::vector<EventRow>>;
Rows RowsOf(const EventTable& table) {
  Rows users;
  EXPECT_OK(
      ForEachUser(table, {}, [&](absl::Span<const EventRow> rows) { users.emplace_back(rows.begin(), rows.end()); }));
  return users;
}

TEST(EventTableTest, OrderOfTheLogDoesNotMatter) {
  struct Event {
    std::string user, query, item;
    double seconds;
  };
  std::vector<Event> events;
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    // Typed in normal form and otherwise, and what is not shown as it was typed.
    const std::string number = std::to_string(random() % 30);
    const std::string spellings[] = {"query " + number, "Query " + number, " QUERY  " + number, "query\x01" + number};
    events.push_back({"user" + std::to_string(random() % 20), spellings[random() % 4],
                      random() % 2 == 0 ? "" : "item" + std::to_string(random() % 9),
                      static_cast<double>(random() % 99)});
  }
  // Every thread takes its share, and more than memory holds goes to disk.
  const auto build = [&](int threads, size_t memory_limit_bytes) {
    EventTableBuilder builder({.memory_limit_bytes = memory_limit_bytes});
    std::vector<EventTableBuilder::Shard*> shards;
    for (int i = 0; i < threads; ++i) shards.push_back(builder.NewShard());
    ParallelFor(threads, threads, [&](uint32_t, size_t shard) {
      std::vector<SearchEvent> share;  // Of several blocks.
      for (size_t i = shard; i < events.size(); i += static_cast<size_t>(threads)) {
        SearchEvent& event = share.emplace_back();
        event.user = events[i].user;
        event.query = events[i].query;
        event.item = events[i].item;
        event.time_ms = LogBuilder::kStartMs + static_cast<int64_t>(events[i].seconds * 1000);
        event.action = events[i].item.empty() ? Action::kSearch : Action::kClick;
      }
      EXPECT_OK(shards[shard]->Add(share));
    });
    std::vector<EventTable> tables = builder.Finish();
    return std::move(tables.at(0));
  };
  const EventTable first = build(1, SIZE_MAX);
  for (const int threads : {1, 3}) {
    for (const size_t memory_limit_bytes : {size_t{0}, SIZE_MAX}) {
      std::shuffle(events.begin(), events.end(), random);
      const EventTable other = build(threads, memory_limit_bytes);
      EXPECT_EQ(Texts(first), Texts(other));
      EXPECT_EQ(SpellingsOf(first), SpellingsOf(other));
      EXPECT_EQ(RowsOf(first), RowsOf(other));
      EXPECT_EQ(first.events(), other.events());
      EXPECT_THAT(other.minutes(), ElementsAreArray(first.minutes()));
    }
  }
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

TEST(EventTableBuilderTest, AColumnOfOtherThingsIsNotTakenForMarkets) {
  EventTableBuilder builder;
  SearchEvent event;
  event.user = "u";
  event.query = "tent";
  event.time_ms = LogBuilder::kStartMs;
  absl::Status status;
  size_t markets = 0;
  for (; status.ok() && markets < 2 * EventTableBuilder::kMostMarkets; ++markets) {
    const std::string market = "session" + std::to_string(markets);
    event.market = market;
    status = builder.Add(event);
  }
  EXPECT_EQ(markets, EventTableBuilder::kMostMarkets + 1);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
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
