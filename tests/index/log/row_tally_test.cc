#include "index/log/row_tally.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/log/search_row.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;

TEST(RowTallyTest, ReasonsStandInTheOrderOfTheBlockWithTheirRows) {
  RowTally tally;
  tally.AddEventRow();
  tally.AddBad("time", 2, "never");
  tally.AddRefused({RowRefusal::Kind::kSkipped, "time", "a reason of the same name, but another"}, 3);
  tally.AddBad("time", 4, "ever");
  tally.AddRefused({RowRefusal::Kind::kSkipped, kOtherAction, "impression"}, 5);
  EXPECT_EQ(tally.rows, 5u);
  ASSERT_EQ(tally.reasons().size(), 3u);
  EXPECT_EQ(tally.reasons()[0].first.detail, "never");
  EXPECT_EQ(tally.reasons()[0].first.line, 2u);
  EXPECT_EQ(tally.reasons()[1].kind, RowRefusal::Kind::kSkipped);
  EXPECT_EQ(tally.reasons()[2].name, "action impression");
  ASSERT_EQ(tally.refusals().size(), 4u);
  EXPECT_EQ(tally.refusals()[2].row, 3u);
  EXPECT_EQ(tally.refusals()[2].reason, 0u);
}

TEST(RowTallyTest, ExamplesAreShortAndClean) {
  RowTally tally;
  tally.AddBad("time", 1, "a\tb\x01" + std::string(1000, 'x'));
  const std::string& detail = tally.reasons().at(0).first.detail;
  EXPECT_LE(detail.size(), 120u);
  EXPECT_THAT(detail, HasSubstr("a\\x09b\\x01xxx"));
}

TEST(RowTallyTest, IsEmptyAfterClear) {
  RowTally tally;
  tally.AddBad("time", 1, "");
  tally.AddEventRow();
  tally.lines = 7;
  tally.Clear();
  EXPECT_EQ(tally.rows + tally.event_rows + tally.lines, 0u);
  tally.AddBad("missing user", 1, "");
  ASSERT_EQ(tally.reasons().size(), 1u);
  EXPECT_EQ(tally.reasons()[0].name, "missing user");
}

}  // namespace
}  // namespace kindred
