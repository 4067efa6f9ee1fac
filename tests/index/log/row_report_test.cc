#include "index/log/row_report.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ReportLinesTest, SayTotalsAndEachReasonOnALine) {
  ReadReport report;
  report.rows = 10;
  report.event_rows = 7;
  report.events = 7;
  report.action_lines = 3;
  report.bad["time"] = {1, {"log.tsv", 17, "yesterday"}};
  report.bad["wrong number of columns"] = {1, {"log.tsv", 18, "1 instead of 3: x"}};
  report.skipped["empty query"] = {2, {"log.tsv", 4, ""}};
  EXPECT_THAT(ReportLines(report),
              ElementsAre("10 rows: 7 with a search, giving 7 events; 3 bulk action lines",
                          "skipped: 2 rows, empty query, first at log.tsv:4",
                          StartsWith("bad: 1 row, time, first at log.tsv:17 \"yesterday\""),
                          "bad: 1 row, wrong number of columns, first at log.tsv:18 \"1 instead of 3: x\""));
  EXPECT_EQ(report.bad_rows(), 2u);
}

TEST(ReportLinesTest, SayWhatHelpsAgainstABadTimeOrEncoding) {
  ReadReport report;
  report.rows = 2;
  report.bad["time"] = {1, {"log.tsv", 17, "09.10.2011"}};
  report.bad["not UTF-8"] = {1, {"log.tsv", 18, "caf\\xe9"}};
  EXPECT_THAT(ReportLines(report), Contains(HasSubstr("2011-10-09T17:21:42Z")));
  EXPECT_THAT(ReportLines(report), Contains(HasSubstr("iconv")));
  EXPECT_THAT(CheckBadRows(report, .5).message(), HasSubstr("milliseconds since 1970"));
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
