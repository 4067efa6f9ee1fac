#include "index/log/row_report.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;

TEST(ReportLinesTest, SayTotalsAndEachReasonOnALine) {
  ReadReport report;
  report.rows = 10;
  report.event_rows = 7;
  report.events = 7;
  report.action_lines = 3;
  report.bad["time"] = {1, {"log.tsv", 17, "yesterday"}};
  report.skipped["empty query"] = {2, {"log.tsv", 4, ""}};
  EXPECT_THAT(ReportLines(report), ElementsAre("10 rows: 7 with a search, giving 7 events; 3 bulk action lines",
                                               "skipped: 2 rows, empty query, first at log.tsv:4",
                                               "bad: 1 row, time, first at log.tsv:17 \"yesterday\""));
  EXPECT_EQ(report.bad_rows(), 1u);
}

TEST(RowReportTest, MergedReportsKeepTheEarlierExample) {
  ReadReport first;
  first.rows = 5;
  ReadReport second = first;
  first.bad["time"] = {.rows = 2, .first = {"a", 1, "x"}};
  second.bad["time"] = {.rows = 1, .first = {"b", 2, "y"}};
  second.skipped["empty query"] = {.rows = 1, .first = {"b", 3, ""}};
  MergeReport(std::move(second), first);
  EXPECT_EQ(first.rows, 10u);
  EXPECT_EQ(first.bad_rows(), 3u);
  EXPECT_EQ(first.bad["time"].first.file, "a");
  EXPECT_EQ(first.skipped["empty query"].first.file, "b");
  EXPECT_TRUE(CheckBadRows(first, .3).ok());
  EXPECT_FALSE(CheckBadRows(first, .29).ok());
}

}  // namespace
}  // namespace kindred
