// From the file to the events: columns, values, bad rows. On TSV, since what CSV adds is its splitter.
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/log/log_testing.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::HasStatus;
using ::testing::HasSubstr;
using testing::kNoon;
using testing::OwnedEvent;
using testing::ReadLog;

class DelimitedParserTest : public ::testing::Test {
 protected:
  absl::StatusOr<testing::Log> Read(const std::string& text, const std::string& columns = "", double max_bad_rows = 1) {
    LogOptions options;
    options.inputs = {dir_.Write("log.tsv", text)};
    options.columns = ParseColumns(columns).value();
    options.max_bad_rows = max_bad_rows;
    return ReadLog(options);
  }
  testing::TempDir dir_;
};

TEST_F(DelimitedParserTest, EachRowIsAnEvent) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read("user_id\tquery_time\tclick_time\tquery\tclicked_sku\n"
                                            "u1\t2011-10-09 12:00:00\t2011-10-09 12:00:09\tgears of war\t2032076\n"
                                            "u2\t2011-10-09 12:00:01\t\tchild eden\t\n"));
  EXPECT_THAT(log.events, ElementsAre(OwnedEvent{"u1", "gears of war", "2032076", kNoon, Action::kClick},
                                      OwnedEvent{"u2", "child eden", "", kNoon + 1000, Action::kSearch}));
  EXPECT_EQ(log.report.rows, 2u);
  EXPECT_EQ(log.report.event_rows, 2u);
  EXPECT_EQ(log.report.events, 2u);
  EXPECT_EQ(log.report.bad_rows(), 0u);
}

TEST_F(DelimitedParserTest, AllRolesAreRead) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read("Market\tHits\tAction\tItem-ID\tSearch Term\tTimestamp\tVisitor ID\n"
                                            "tw\t12\tAdd to cart\tp1\t藍牙耳機\t1318161600\tu1\n"
                                            "jp\t0\tsearch\tp1\tスマホ\t1318161600000\tu2\n"
                                            "us\t\tpurchase\tp2\t tent \t1318161600.5\tu3\n"));
  EXPECT_THAT(log.events,
              ElementsAre(OwnedEvent{"u1", "藍牙耳機", "p1", kNoon, Action::kCart, 12, "tw"},
                          OwnedEvent{"u2", "スマホ", "", kNoon, Action::kSearch, 0, "jp"},
                          OwnedEvent{"u3", " tent ", "p2", kNoon + 500, Action::kPurchase, std::nullopt, "us"}));
}

TEST_F(DelimitedParserTest, CrlfByteOrderMarkBlankLinesAndAMissingLastNewlineAreTolerated) {
  ASSERT_OK_AND_ASSIGN(const auto log,
                       Read("\xEF\xBB\xBFuser\ttime\tquery\r\n\r\nu1\t2011-10-09\tone\r\n\nu2\t2011-10-09\ttwo\r"));
  EXPECT_EQ(log.report.rows, 2u);
  ASSERT_EQ(log.events.size(), 2u);
  EXPECT_EQ(log.events[0].query, "one");
  EXPECT_EQ(log.events[1].query, "two");
}

TEST_F(DelimitedParserTest, QuotesAreCharacters) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read("user\ttime\tquery\nu1\t2011-10-09\t\"27\"\" tv\n"));
  EXPECT_EQ(log.events.at(0).query, "\"27\"\" tv");
}

TEST_F(DelimitedParserTest, AStrayQuoteInCsvCostsItsLineAndIsCounted) {
  LogOptions options;
  options.max_bad_rows = 1;
  options.inputs = {dir_.Write("log.csv", absl::StrCat("user,time,query\n",                 //
                                                       "u,2011-10-09,\"exact phrase\n",     // 2
                                                       "u,2011-10-09,tent\n",               // 3
                                                       "u,2011-10-09,monitor 27\"\n",       // 4
                                                       "u,2011-10-09,\"two\nlines\"\n"))};  // 5
  ASSERT_OK_AND_ASSIGN(const auto log, ReadLog(options));
  EXPECT_EQ(log.events.size(), 3u);
  EXPECT_EQ(log.events.back().query, "two\nlines");
  EXPECT_EQ(log.report.rows, 4u);
  EXPECT_EQ(log.report.bad.at("quote that is not closed on its line").first.line, 2u);
}

TEST_F(DelimitedParserTest, TheSessionStandsInForAMissingUser) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read("session_id\ttime\tquery\ns1\t2011-10-09\ttent\n"));
  EXPECT_EQ(log.events.at(0).user, "s1");
  ASSERT_OK_AND_ASSIGN(const auto both,
                       Read("user\tsession_id\ttime\tquery\nu1\ts1\t2011-10-09\ttent\n\ts2\t2011-10-09\ttent\n"));
  EXPECT_EQ(both.events.at(0).user, "u1");
  EXPECT_EQ(both.events.at(1).user, "s2");
}

TEST_F(DelimitedParserTest, NumberedColumnsNeedNoHeaderAndTolerateOne) {
  const std::string rows = "u1\t2011-10-09 12:00:00\ttent\tp1\nu2\t2011-10-09 12:00:00\tpegs\t\n";
  for (const std::string header : {"", "a\tb\tc\td\n"}) {
    ASSERT_OK_AND_ASSIGN(const auto log, Read(header + rows, "user=1,time=2,query=3,item=4"));
    EXPECT_THAT(log.events, ElementsAre(OwnedEvent{"u1", "tent", "p1", kNoon, Action::kClick},
                                        OwnedEvent{"u2", "pegs", "", kNoon, Action::kSearch}));
    EXPECT_EQ(log.report.rows, 2u);
  }
}

TEST_F(DelimitedParserTest, WhereAHeaderStandsAboveNumberedColumnsTheOthersAreFoundByIt) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read("who\tat\ttyped\tclicked_sku\nu1\t2011-10-09 12:00:00\ttent\tp1\n",
                                            "user=1,time=2,query=3"));
  EXPECT_THAT(log.events, ElementsAre(OwnedEvent{"u1", "tent", "p1", kNoon, Action::kClick}));
}

TEST_F(DelimitedParserTest, OneNumberedColumnAmongThoseOfAHeader) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read("user\ttime\tquery\tquery\nu1\t2011-10-09 12:00:00\tx\ttent\n", "query=4"));
  EXPECT_EQ(log.events.at(0).query, "tent");
}

TEST_F(DelimitedParserTest, AFirstRowWithoutAHeaderIsCountedEvenIfItIsBad) {
  for (const std::string time : {"2011-13-09", "09.10.2011", ""}) {
    ASSERT_OK_AND_ASSIGN(const auto log,
                         Read("u1\t" + time + "\ttent\nu2\t2011-10-09\tpegs\n", "user=1,time=2,query=3"));
    EXPECT_EQ(log.report.rows, 2u) << time;
    EXPECT_EQ(log.report.bad_rows(), 1u) << time;
    EXPECT_EQ(log.events.size(), 1u) << time;
  }
}

TEST_F(DelimitedParserTest, NamedColumnsComeBeforeUsualNames) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read("query\tuser\ttime\twhat\nx\tu1\t2011-10-09\ttent\n", "query=what,time=3"));
  EXPECT_EQ(log.events.at(0).query, "tent");
}

TEST_F(DelimitedParserTest, EveryRowThatGivesNothingIsCountedByReasonWithItsLine) {
  ASSERT_OK_AND_ASSIGN(const auto log,
                       Read(absl::StrCat("user\ttime\tquery\thits\taction\n",                       //
                                         "\t2011-10-09\ttent\t1\t\n",                               // 2
                                         "u\t\ttent\t1\t\n",                                        // 3
                                         "u\tyesterday\ttent\t1\t\n",                               // 4
                                         "u\t2011-10-09\tte\xFFnt\t1\t\n",                          // 5
                                         "u\t2199-10-09\ttent\t1\t\n",                              // 6
                                         "u\t2011-10-09\ttent\n",                                   // 7
                                         "u\t2011-10-09\t  \t1\t\n",                                // 8
                                         "u\t2011-10-09\t", std::string(257, 'q'), "\t1\t\n",       // 9
                                         "u\t2011-10-09\ttent\t1\timpression\n",                    // 10
                                         "u\ttomorrow\ttent\t1\t\n",                                // 11
                                         "u\t2011-10-09\t", std::string(256, 'q'), "\t1.0\t\n")));  // 12
  EXPECT_EQ(log.events.size(), 1u);
  EXPECT_EQ(log.report.rows, 11u);
  EXPECT_EQ(log.report.event_rows, 1u);
  EXPECT_EQ(log.report.bad_rows(), 7u);
  EXPECT_EQ(log.report.bad.at("missing user").first.line, 2u);
  EXPECT_EQ(log.report.bad.at("missing time").first.line, 3u);
  EXPECT_EQ(log.report.bad.at("time").rows, 2u);
  EXPECT_EQ(log.report.bad.at("time").first.line, 4u);
  EXPECT_EQ(log.report.bad.at("time").first.detail, "yesterday");
  EXPECT_EQ(log.report.bad.at("time").first.file, dir_.File("log.tsv"));
  EXPECT_EQ(log.report.bad.at("not UTF-8").first.line, 5u);
  EXPECT_EQ(log.report.bad.at("not UTF-8").first.detail, "te\\xffnt");
  EXPECT_EQ(log.report.bad.at("time in the future").first.line, 6u);
  EXPECT_EQ(log.report.bad.at("time in the future").first.detail, "2199-10-09");
  EXPECT_EQ(log.report.bad.at("wrong number of columns").first.line, 7u);
  EXPECT_THAT(log.report.bad.at("wrong number of columns").first.detail, HasSubstr("3 instead of 5"));
  EXPECT_EQ(log.report.skipped.at("empty query").first.line, 8u);
  EXPECT_EQ(log.report.skipped.at("query too long").first.line, 9u);
  EXPECT_LE(log.report.skipped.at("query too long").first.detail.size(), 120u);
  EXPECT_EQ(log.report.skipped.at("action impression").first.line, 10u);
}

TEST_F(DelimitedParserTest, NulBytesAreBytes) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read(std::string("user\ttime\tquery\nu\t2011-10-09\tte\0nt\n", 35)));
  EXPECT_EQ(log.events.at(0).query, std::string("te\0nt", 5));
}

TEST_F(DelimitedParserTest, ALineOverTheLimitIsOneBadRow) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read(absl::StrCat("user\ttime\tquery\nu\t2011-10-09\tone\n",
                                                         std::string(5 << 20, 'x'), "\nu\t2011-10-09\ttwo\n")));
  EXPECT_EQ(log.events.size(), 2u);
  EXPECT_EQ(log.report.rows, 3u);
  EXPECT_EQ(log.report.bad.at("line too long").first.line, 3u);
}

TEST_F(DelimitedParserTest, TooManyBadRowsFailWithCountsAndTheFirstOfEach) {
  const std::string log =
      "user\ttime\tquery\nu\tnever\ttent\nu\t2011-10-09\ttent\nu\t2011-10-09\ttent\nu\t2011-10-09\ttent\n";
  EXPECT_OK(Read(log, "", 0.25));
  EXPECT_THAT(Read(log, "", 0.24), HasStatus(absl::StatusCode::kInvalidArgument,
                                             AllOf(HasSubstr("1 of 4 rows are bad"), HasSubstr("--max_bad_rows 24%"),
                                                   HasSubstr("log.tsv:2 \"never\""))));
}

TEST_F(DelimitedParserTest, TooManyBadRowsFailEarlyInALongLog) {
  std::string text = "user\ttime\tquery\n";
  for (int i = 0; i < 50'000; ++i) absl::StrAppend(&text, "u\tnever\ttent\n");
  EXPECT_THAT(Read(text, "", 0.01), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("10000 of 10000 rows")));
}

TEST_F(DelimitedParserTest, AFailedReaderStaysFailed) {
  LogOptions options;
  options.inputs = {dir_.Write("log.tsv", "user\ttime\tquery\nu\tnever\ttent\n")};
  ASSERT_OK_AND_ASSIGN(const auto reader, EventReader::Open(options));
  const auto first = reader->Next();
  EXPECT_THAT(first, HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("1 of 1 rows")));
  EXPECT_EQ(reader->Next().status(), first.status());
}

}  // namespace
}  // namespace kindred
