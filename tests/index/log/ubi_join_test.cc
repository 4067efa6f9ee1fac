#include "index/log/ubi_join.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

SearchEvent Event(absl::string_view query, int64_t time_ms, absl::string_view item = "") {
  SearchEvent event;
  event.user = "u";
  event.query = query;
  event.time_ms = time_ms;
  event.item = item;
  event.action = item.empty() ? Action::kSearch : Action::kClick;
  return event;
}

TEST(UbiJoinTest, TheEarliestSearchOfAnIdTellsTheQuery) {
  for (const bool earliest_first : {true, false}) {
    RowTally tally;
    UbiJoin join;
    join.AddSearch("q", earliest_first ? Event("tent", 5) : Event("tents", 6));
    join.AddSearch("q", earliest_first ? Event("tents", 6) : Event("tent", 5));
    join.Hold("q", Event("", 9, "p"), "log", 1);
    const auto click = join.NextHeld(tally);
    ASSERT_TRUE(click.has_value());
    EXPECT_EQ(click->query, "tent");
    EXPECT_EQ(click->time_ms, 5);
    EXPECT_FALSE(join.NextHeld(tally).has_value());
  }
}

TEST(UbiJoinTest, AnEventWithoutAMarketTakesItsSearchs) {
  RowTally tally;
  UbiJoin join;
  SearchEvent search = Event("tent", 5), click = Event("", 9, "p");
  search.market = "tw";
  join.AddSearch("q", search);
  join.Hold("q", click, "log", 1);
  click.market = "jp";
  join.Hold("q", click, "log", 2);
  EXPECT_EQ(join.NextHeld(tally)->market, "tw");
  EXPECT_EQ(join.NextHeld(tally)->market, "jp");
}

TEST(UbiJoinTest, AnEventsOwnQueryStandsWithItsOwnTime) {
  RowTally tally;
  UbiJoin join;
  join.AddSearch("q", Event("tent", 5));
  join.Hold("q", Event("pegs", 9, "p"), "log", 1);
  const auto click = join.NextHeld(tally);
  EXPECT_EQ(click->query, "pegs");
  EXPECT_EQ(click->time_ms, 9);
}

TEST(UbiJoinTest, EventsWithoutAnIdAreNotJoined) {
  RowTally tally;
  UbiJoin join;
  join.AddSearch("", Event("tent", 5));
  join.Hold("", Event("", 9, "p"), "log", 1);
  join.Hold("", Event("pegs", 9), "log", 2);
  const auto search = join.NextHeld(tally);
  EXPECT_EQ(search->query, "pegs");
  EXPECT_FALSE(join.NextHeld(tally).has_value());
  EXPECT_EQ(tally.event_rows, 1u);
  ASSERT_EQ(tally.reasons().size(), 1u);
  EXPECT_EQ(tally.reasons()[0].name, "event of an unknown query_id");
  EXPECT_EQ(tally.reasons()[0].first.file, "log");
  EXPECT_EQ(tally.reasons()[0].first.line, 1u);
}

TEST(UbiJoinTest, KeepsItsOwnCopyOfEveryText) {
  RowTally tally;
  UbiJoin join;
  for (int i = 0; i < 50'000; ++i) {  // More than a block of texts, and the map grows often.
    const std::string id = absl::StrCat("id", i), query = absl::StrCat("query ", i), item = absl::StrCat("p", i);
    join.Hold(id, Event("", 9, item), "log", 1);
    join.AddSearch(id, Event(query, i));
  }
  join.AddSearch("long", Event(std::string(3 << 20, 'x'), 1));
  for (int i = 0; i < 50'000; ++i) {
    const auto click = join.NextHeld(tally);
    ASSERT_TRUE(click.has_value());
    ASSERT_EQ(click->query, absl::StrCat("query ", i));
    ASSERT_EQ(click->item, absl::StrCat("p", i));
    ASSERT_EQ(click->user, "u");
    ASSERT_EQ(click->time_ms, i);
  }
}

}  // namespace
}  // namespace kindred
