#include "index/stage/event_blocks.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/mine/user_rows.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::LogBuilder;
using testing::TempDir;

ReadMarket Part(LogBuilder& log, uint32_t groups) {
  EventTable table = log.Table();
  ReadMarket market;
  market.groups.resize(groups);
  TableParts::TakeEvents(
      table, [&](const StoredEvent& event) { market.groups[GroupOfUser(event.user, groups)].push_back(event); });
  market.frame = TableParts::TakeFrame(table);
  return market;
}

// Takes the frame.
LogDictionary DictionaryOf(ReadMarket& market) {
  LogDictionary dictionary;
  dictionary.markets.push_back(std::move(market.frame));
  return dictionary;
}

TEST(EventBlocksTest, GroupsShareTheUsersAndEachUserHasOne) {
  EXPECT_EQ(GroupOfUser(0, 7), 0u);
  EXPECT_EQ(GroupOfUser(UINT64_MAX, 7), 6u);
  EXPECT_EQ(GroupOfUser(uint64_t{1} << 63, 2), 1u);
  EXPECT_EQ(GroupOfUser((uint64_t{1} << 63) - 1, 2), 0u);
}

TEST(EventBlocksTest, EventsOfSeveralPartsMeetUnderTheIdsOfTheWholeLog) {
  const TempDir dir;
  LogBuilder first, second;
  ReadMarket a = Part(first.Search("u", 0, "tent").Click("u", 9, "boots", "p1"), 1);
  ReadMarket b = Part(second.Search("u", 5, "camp bed").Click("v", 9, "tent", "p2"), 1);
  ASSERT_OK(WriteEvents(dir.File("a"), absl::MakeSpan(&a, 1), 0));
  ASSERT_OK(WriteEvents(dir.File("b"), absl::MakeSpan(&b, 1), 0));
  LogDictionary dictionary = MergeDictionaries(DictionaryOf(a), DictionaryOf(b));
  uint64_t events = 0;
  ASSERT_OK_AND_ASSIGN(
      const std::vector<EventTable> tables,
      ReadEvents({dir.File("a"), dir.File("b")}, dictionary, std::make_shared<ChunkPool>(SpillOptions()), events));
  EXPECT_EQ(events, 4u);
  ASSERT_EQ(tables.size(), 1u);
  std::vector<std::string> told;
  ASSERT_OK(ForEachUser(tables[0], {}, [&](absl::Span<const EventRow> rows) {
    for (const EventRow& row : rows) {
      told.push_back(absl::StrCat(tables[0].spellings[row.spelling].display, row.item == kNoItem ? "" : "+"));
    }
  }));
  EXPECT_THAT(told, ::testing::UnorderedElementsAre("tent", "camp bed", "boots+", "tent+"));
}

TEST(EventBlocksTest, AQueryOrAMarketThatTheDictionaryLacksIsTold) {
  const TempDir dir;
  LogBuilder unknown, elsewhere;
  ReadMarket b = Part(unknown.Search("u", 0, "boots"), 1), c = Part(elsewhere.Search("u", 0, "tent", "tw"), 1);
  ASSERT_OK(WriteEvents(dir.File("b"), absl::MakeSpan(&b, 1), 0));
  ASSERT_OK(WriteEvents(dir.File("c"), absl::MakeSpan(&c, 1), 0));
  const auto pool = std::make_shared<ChunkPool>(SpillOptions());
  uint64_t events = 0;
  for (const char* name : {"b", "c"}) {
    LogBuilder known;
    ReadMarket a = Part(known.Search("u", 0, "tent"), 1);
    LogDictionary dictionary = DictionaryOf(a);
    EXPECT_THAT(ReadEvents({dir.File(name)}, dictionary, pool, events),
                HasStatus(absl::StatusCode::kDataLoss, HasSubstr("did the log change")));
  }
}

}  // namespace
}  // namespace kindred
