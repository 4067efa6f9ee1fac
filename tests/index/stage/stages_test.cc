#include "index/stage/stages.h"

#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/stage/dictionary.h"
#include "index/stage/mined_blocks.h"
#include "tests/index/stage/stage_log.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::StageLog;
using testing::StageNumbers;

// What a single process counts.
std::vector<MinedLog> MinedAtOnce(const LogOptions& log, std::vector<EventTable>& tables, const MineOptions& options) {
  const auto reader = EventReader::Open(log).value();
  EventTableBuilder builder;
  for (auto event = reader->Next().value(); event.has_value(); event = reader->Next().value()) {
    EXPECT_OK(builder.Add(*event));
  }
  tables = builder.Finish();
  std::vector<MinedLog> mined;
  for (const EventTable& table : tables) mined.push_back(Mine(table, options).value());
  return mined;
}

void ExpectEqual(const MinedLog& a, const MinedLog& b) {
  ASSERT_EQ(a.counts.size(), b.counts.size());
  for (size_t i = 0; i < a.counts.size(); ++i) {
    EXPECT_EQ(a.counts[i].users, b.counts[i].users);
    EXPECT_EQ(a.counts[i].searches, b.counts[i].searches);
    EXPECT_EQ(a.counts[i].followups, b.counts[i].followups);
    EXPECT_EQ(a.counts[i].recent, b.counts[i].recent);
    EXPECT_EQ(a.counts[i].found_nothing, b.counts[i].found_nothing);
    EXPECT_EQ(a.counts[i].display, b.counts[i].display);
  }
  EXPECT_TRUE(a.pairs == b.pairs);
  EXPECT_TRUE(a.item_pairs == b.item_pairs);
  ASSERT_EQ(a.clicks.size(), b.clicks.size());
  for (size_t i = 0; i < a.clicks.size(); ++i) {
    EXPECT_EQ(a.clicks[i].query, b.clicks[i].query);
    EXPECT_EQ(a.clicks[i].item, b.clicks[i].item);
    EXPECT_EQ(a.clicks[i].users, b.clicks[i].users);
  }
  EXPECT_EQ(a.report.users, b.report.users);
  EXPECT_EQ(a.report.robots, b.report.robots);
  EXPECT_EQ(a.report.robot_events, b.report.robot_events);
  EXPECT_EQ(a.report.half_typed, b.report.half_typed);
  EXPECT_EQ(a.report.sessions, b.report.sessions);
  EXPECT_EQ(a.report.clicks, b.report.clicks);
  EXPECT_EQ(a.report.pairs.records, b.report.pairs.records);
  EXPECT_EQ(a.report.pairs.pairs, b.report.pairs.pairs);
  EXPECT_EQ(a.report.pairs.kept_pairs, b.report.pairs.kept_pairs);
}

TEST(StagesTest, CountWhatASingleProcessCountsWhateverTheNumbersOfParts) {
  const StageNumbers kNumbers[] = {{1 << 30, 1, 1}, {5000, 2, 3}, {1000, 7, 40}, {3000, 60, 2}};
  for (const StageNumbers& numbers : kNumbers) {
    SCOPED_TRACE(numbers.split_bytes);
    StageLog stages(numbers.groups, 600);
    MineOptions options;
    options.history.max_user_queries_per_day = 3;  // So that there are robots.
    ASSERT_OK(stages.Read(numbers));
    ASSERT_OK(stages.Mine(numbers, options));
    ASSERT_OK_AND_ASSIGN(const std::vector<MinedLog> mined, ReadMined(stages.dir.File("mined")));
    std::vector<EventTable> tables;
    const std::vector<MinedLog> at_once = MinedAtOnce(stages.log, tables, options);
    ASSERT_EQ(mined.size(), at_once.size());
    for (size_t i = 0; i < mined.size(); ++i) ExpectEqual(mined[i], at_once[i]);
    ASSERT_OK_AND_ASSIGN(const LogDictionary dictionary, ReadDictionary(stages.dir.File("dictionary")));
    for (size_t i = 0; i < tables.size(); ++i) EXPECT_EQ(dictionary.markets[i].queries, tables[i].queries);
  }
}

TEST(StagesTest, APartThatIsMissingOrCameTwiceIsTold) {
  const StageNumbers numbers;
  StageLog stages(1, 600);
  ASSERT_OK(stages.Read(numbers));
  ASSERT_OK(stages.Mine(numbers, {}));
  std::filesystem::rename(stages.dir.File("counts/report-1001"), stages.dir.File("counts/away"));
  EXPECT_THAT(stages.Merge(), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("a part is missing or came twice")));
  std::filesystem::copy(stages.dir.File("counts/away"), stages.dir.File("counts/report-1001"));
  ASSERT_OK(stages.Merge());
  std::filesystem::copy(stages.dir.File("counts/counts-1001"), stages.dir.File("counts/counts-1009"));
  EXPECT_THAT(stages.Merge(), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("a part is missing or came twice")));
}

TEST(StagesTest, TooManyBadRowsAreJudgedOfTheWholeLog) {
  StageLog stages(1, 600);
  stages.log.max_bad_rows = 0;
  EXPECT_THAT(stages.Read({}),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("rows are bad, more than --max_bad_rows 0%")));
}

TEST(StagesTest, ALogWithoutAUsableSearchIsRefused) {
  StageLog stages(1, 1);
  stages.dir.Write("log.tsv", "user\ttime\tquery\nu\t1700000000\tme@here.de\nv\t1700000000\t!!!\n");
  EXPECT_THAT(stages.Read({}), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("no usable search")));
}

TEST(StagesTest, AFileOfAPartMayHaveNoRow) {
  StageLog stages(1, 60);
  const std::string log = stages.log.inputs[0];
  stages.log.inputs = {stages.dir.Write("header.tsv", "user\ttime\tquery\n")};
  EXPECT_THAT(stages.Read({}), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("no rows")));
  stages.log.inputs.push_back(log);
  EXPECT_OK(stages.Read({}));
}

TEST(StagesTest, AFolderWithoutBlocksIsNamed) {
  const testing::TempDir dir;
  EXPECT_THAT(BlocksIn(dir.path(), "events"), HasStatus(absl::StatusCode::kNotFound, HasSubstr(dir.path())));
}

}  // namespace
}  // namespace kindred
