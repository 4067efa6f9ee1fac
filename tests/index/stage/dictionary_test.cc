#include "index/stage/dictionary.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::LogBuilder;
using testing::TempDir;

LogDictionary DictionaryOf(LogBuilder& log) {
  LogDictionary dictionary;
  for (EventTable& table : log.Tables()) dictionary.markets.push_back(TableParts::TakeFrame(table));
  return dictionary;
}

void ExpectEqual(const TableFrame& a, const TableFrame& b) {
  EXPECT_EQ(a.market, b.market);
  EXPECT_EQ(a.queries, b.queries);
  ASSERT_EQ(a.spellings.size(), b.spellings.size());
  for (size_t i = 0; i < a.spellings.size(); ++i) {
    EXPECT_EQ(a.spellings[i].display, b.spellings[i].display);
    EXPECT_EQ(a.spellings[i].query, b.spellings[i].query);
  }
  EXPECT_EQ(a.items, b.items);
  EXPECT_EQ(a.minutes, b.minutes);
  EXPECT_EQ(a.events, b.events);
  EXPECT_EQ(a.first_ms, b.first_ms);
  EXPECT_EQ(a.last_ms, b.last_ms);
  EXPECT_EQ(a.tells_found, b.tells_found);
}

LogBuilder& AddEarlier(LogBuilder& log) {
  return log.Search("u", 0, "Tent", "jp").Click("u", 70, "boots", "p1", "jp").Search("u", 9, "lamp", "tw");
}
LogBuilder& AddLater(LogBuilder& log) {
  return log.Search("v", 5, "tent", "jp").Click("v", 10, "camp bed", "p2", "jp").Click("v", 10, "boots", "p1", "jp");
}

TEST(DictionaryTest, PartsMergedAreTheDictionaryOfTheWholeLog) {
  LogBuilder earlier, later, whole;
  const LogDictionary merged = MergeDictionaries(DictionaryOf(AddEarlier(earlier)), DictionaryOf(AddLater(later)));
  const LogDictionary wanted = DictionaryOf(AddLater(AddEarlier(whole)));
  ASSERT_EQ(merged.markets.size(), 2u);
  for (size_t i = 0; i < 2; ++i) ExpectEqual(merged.markets[i], wanted.markets[i]);
}

TEST(DictionaryTest, ReadsWhatWasWrittenInAnyNumberOfFiles) {
  const TempDir dir;
  LogBuilder earlier, later;
  LogDictionary first = DictionaryOf(AddEarlier(earlier)), second = DictionaryOf(AddLater(later));
  first.rows.rows = 3;
  first.rows.bad["time"] = {.rows = 1, .first = {"log.tsv", 7, "yesterday"}};
  second.rows.bad["time"] = {.rows = 2, .first = {"log.tsv", 9, "tomorrow"}};
  first.dropped["e-mail address"] = second.dropped["e-mail address"] = 4;
  ASSERT_OK(WriteDictionary(dir.File("a"), first));
  ASSERT_OK(WriteDictionary(dir.File("b"), second));
  ASSERT_OK_AND_ASSIGN(const LogDictionary once, ReadDictionaries({dir.File("a"), dir.File("b")}));
  EXPECT_EQ(once.rows.bad.at("time").rows, 3u);
  EXPECT_EQ(once.rows.bad.at("time").first.detail, "yesterday");
  EXPECT_EQ(once.dropped.at("e-mail address"), 8u);
  ASSERT_OK_AND_ASSIGN(const LogDictionary often,
                       ReadDictionaries({dir.File("a"), dir.File("b"), dir.File("a"), dir.File("b"), dir.File("b")}));
  ASSERT_EQ(often.markets.size(), once.markets.size());
  EXPECT_EQ(often.markets[0].queries, once.markets[0].queries);
  EXPECT_EQ(often.markets[0].events, 2u * 2 + 3 * 3);
}

TEST(DictionaryTest, ADamagedFileIsNamed) {
  const TempDir dir;
  dir.Write("a", "nothing of the kind");
  EXPECT_THAT(ReadDictionary(dir.File("a")), HasStatus(absl::StatusCode::kDataLoss, HasSubstr(dir.File("a"))));
}

}  // namespace
}  // namespace kindred
