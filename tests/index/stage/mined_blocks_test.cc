#include "index/stage/mined_blocks.h"

#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/log/event_reader.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "tests/index/stage/stage_log.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::ElementsAreArray;
using testing::HasStatus;
using ::testing::HasSubstr;
using testing::StageLog;

TEST(MinedBlocksTest, WhatIsReadIsWhatOneProcessCounts) {
  StageLog stages(3, 600);
  ASSERT_OK(stages.Read({}));
  ASSERT_OK(stages.Mine({}, {}));
  ASSERT_OK_AND_ASSIGN(const std::vector<MinedLog> mined, ReadMined(stages.dir.File("mined")));
  EventTableBuilder builder;
  ASSERT_OK_AND_ASSIGN(const auto reader, EventReader::Open(stages.log));
  while (true) {
    ASSERT_OK_AND_ASSIGN(const std::optional<SearchEvent> event, reader->Next());
    if (!event.has_value()) break;
    ASSERT_OK(builder.Add(*event));
  }
  const std::vector<EventTable> tables = builder.Finish();
  ASSERT_EQ(mined.size(), tables.size());
  for (size_t i = 0; i < tables.size(); ++i) {
    ASSERT_OK_AND_ASSIGN(const MinedLog at_once, Mine(tables[i], {}));
    EXPECT_GT(at_once.pairs.size(), 0u);
    EXPECT_THAT(mined[i].pairs, ElementsAreArray(at_once.pairs));
    EXPECT_THAT(mined[i].item_pairs, ElementsAreArray(at_once.item_pairs));
    EXPECT_EQ(mined[i].clicks.size(), at_once.clicks.size());
    ASSERT_EQ(mined[i].counts.size(), at_once.counts.size());
    for (size_t query = 0; query < at_once.counts.size(); ++query) {
      EXPECT_EQ(mined[i].counts[query].users, at_once.counts[query].users);
      EXPECT_EQ(mined[i].counts[query].searches, at_once.counts[query].searches);
    }
  }
}

TEST(MinedBlocksTest, PartsAreMergedInTheirOrderOnly) {
  StageLog stages(3, 600);
  ASSERT_OK(stages.Read({}));
  ASSERT_OK(stages.Mine({}, {}));
  ASSERT_OK_AND_ASSIGN(const LogDictionary dictionary, ReadDictionary(stages.dir.File("dictionary")));
  ASSERT_OK_AND_ASSIGN(std::vector<std::string> counts, BlocksIn(stages.dir.File("counts"), "counts"));
  ASSERT_OK_AND_ASSIGN(const std::vector<std::string> reports, BlocksIn(stages.dir.File("counts"), "report"));
  const std::string path = stages.dir.File("merged");
  ASSERT_OK(MergeCounts(dictionary, counts, reports, path));
  ASSERT_OK_AND_ASSIGN(const std::vector<MinedLog> mined, ReadMined(path));
  ASSERT_OK_AND_ASSIGN(const std::vector<MineReport> told, ReadMineReports(path));
  ASSERT_EQ(told.size(), mined.size());
  ASSERT_EQ(told.size(), dictionary.markets.size());
  for (size_t i = 0; i < told.size(); ++i) {
    EXPECT_GT(told[i].searches, 0u);
    EXPECT_EQ(told[i].searches, mined[i].report.searches);
    EXPECT_EQ(told[i].pairs.kept_pairs, mined[i].pairs.size());
  }
  std::swap(counts.front(), counts.back());
  EXPECT_THAT(MergeCounts(dictionary, counts, reports, path),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("out of order")));
}

}  // namespace
}  // namespace kindred
