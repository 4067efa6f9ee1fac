// NDJSON from the file to the events, and that all formats give the same.
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
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

class NdjsonParserTest : public ::testing::Test {
 protected:
  absl::StatusOr<testing::Log> Read(const std::string& text, const std::string& columns = "") {
    LogOptions options;
    options.inputs = {dir_.Write("log.ndjson", text)};
    options.columns = ParseColumns(columns).value();
    options.max_bad_rows = 1;
    return ReadLog(options);
  }
  testing::TempDir dir_;
};

TEST_F(NdjsonParserTest, EachObjectIsARowAndMembersMayBeMissing) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read(R"({"user_id":17,"time":1318161600000,"query":"tent","hits":12}

{"query":"t\u00e9nt","user_id":"u2","time":"2011-10-09T12:00:00Z","product_id":2032076.0,"market":"tw"}
  {"query":"pegs","user_id":"u3","time":1318161600.25,"product_id":null,"action":"search"}  )"));
  EXPECT_THAT(log.events, ElementsAre(OwnedEvent{"17", "tent", "", kNoon, Action::kSearch, 12},
                                      OwnedEvent{"u2", "tént", "2032076", kNoon, Action::kClick, std::nullopt, "tw"},
                                      OwnedEvent{"u3", "pegs", "", kNoon + 250, Action::kSearch}));
  EXPECT_EQ(log.report.rows, 3u);
}

TEST_F(NdjsonParserTest, AMemberCountsInWhicheverRowItStands) {
  std::string usual;
  while (usual.size() < 2 << 20) {
    absl::StrAppend(&usual, R"({"user":"u","time":"2011-10-09","query":"tent"})", "\n");
  }
  const std::string late = R"({"user":"u","ts":1318161600,"query":"pegs","sku":"p","market":"tw"})"
                           "\n";
  const OwnedEvent want = {"u", "pegs", "p", kNoon, Action::kClick, std::nullopt, "tw"};
  ASSERT_OK_AND_ASSIGN(const auto last, Read(usual + late));
  EXPECT_EQ(last.events.back(), want);
  ASSERT_OK_AND_ASSIGN(const auto first, Read(late + usual));
  EXPECT_EQ(first.events.front(), want);
  ASSERT_OK_AND_ASSIGN(const auto named,
                       Read(usual + R"({"user":"u","time":"2011-10-09","query":"x","clk":"p"})", "item=clk,market="));
  EXPECT_EQ(named.events.back().item, "p");
}

TEST_F(NdjsonParserTest, WhatIsNotNeededMayBeNamedAndNotBeThere) {
  const std::string quiet = R"({"user":"u","time":"2011-10-09","query":"tent"})";
  ASSERT_OK_AND_ASSIGN(const auto log, Read(quiet, "item=clk,action=a,hits=h,market=m,session=s"));
  EXPECT_EQ(log.events.size(), 1u);
  for (const std::string needed : {"user", "time", "query"}) {
    EXPECT_THAT(Read(quiet, needed + "=x"),
                HasStatus(absl::StatusCode::kInvalidArgument,
                          AllOf(HasSubstr("=x: no such column"), HasSubstr("columns found: user, time, query"))));
  }
  EXPECT_THAT(Read(quiet, "user=,session=s"), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("session=s")));
  EXPECT_THAT(Read(quiet, "item=4,user=user"), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("item=4")));
}

TEST_F(NdjsonParserTest, TwoMembersOfOneRoleAreAnErrorAtTheBeginningAndABadRowLater) {
  const std::string twice = R"({"user":"u","time":"2011-10-09","ts":1318161600,"query":"tent"})"
                            "\n";
  EXPECT_THAT(Read(twice),
              HasStatus(absl::StatusCode::kInvalidArgument, AllOf(HasSubstr("columns time and ts may both be the time"),
                                                                  HasSubstr("choose with --columns time=time"))));
  std::string text;
  while (text.size() < 2 << 20) absl::StrAppend(&text, R"({"user":"u","time":"2011-10-09","query":"tent"})", "\n");
  ASSERT_OK_AND_ASSIGN(const auto log, Read(text + twice));
  EXPECT_EQ(log.report.bad.at("two members of one role").rows, 1u);
}

TEST_F(NdjsonParserTest, NestedColumnsAreNamedWithDots) {
  ASSERT_OK_AND_ASSIGN(const auto log,
                       Read(R"({"who":{"id":"u1"},"at":"2011-10-09T12:00:00Z","search":{"text":"tent"}})",
                            "user=who.id,time=at,query=search.text"));
  EXPECT_THAT(log.events, ElementsAre(OwnedEvent{"u1", "tent", "", kNoon, Action::kSearch}));
}

TEST_F(NdjsonParserTest, LinesThatAreNoRowsAreCountedByReason) {
  ASSERT_OK_AND_ASSIGN(const auto log,
                       Read(absl::StrCat(R"({"user":"u","time":"2011-10-09","query":"tent"})", "\n",  // 1
                                         "{\"user\":\n",                                              // 2
                                         "[1]\n",                                                     // 3
                                         "{\"user\":\"u\",\"query\":\"\xFF\"}\n",                     // 4
                                         R"({"user":["u"],"time":"2011-10-09","query":"t"})", "\n",   // 5
                                         R"({"time":"2011-10-09","query":"tent"})", "\n",             // 6
                                         "{\"x\":\"", std::string(2 << 20, 'x'), "\"}\n",             // 7
                                         R"({"user":"u","time":"2011-10-09","query":""})")));         // 8
  EXPECT_EQ(log.events.size(), 1u);
  EXPECT_EQ(log.report.rows, 8u);
  EXPECT_EQ(log.report.bad_rows(), 6u);
  EXPECT_EQ(log.report.bad.at("not JSON").first.line, 2u);
  EXPECT_EQ(log.report.bad.at("not a JSON object").first.line, 3u);
  EXPECT_EQ(log.report.bad.at("not UTF-8").first.line, 4u);
  EXPECT_EQ(log.report.bad.at("value is no string or number").first.line, 5u);
  EXPECT_EQ(log.report.bad.at("value is no string or number").first.detail, "user");
  EXPECT_EQ(log.report.bad.at("missing user").first.line, 6u);
  EXPECT_EQ(log.report.bad.at("line too long").first.line, 7u);
  EXPECT_EQ(log.report.skipped.at("empty query").first.line, 8u);
}

TEST_F(NdjsonParserTest, AHitsOrActionOfAnotherTypeIsNoValue) {
  ASSERT_OK_AND_ASSIGN(const auto log,
                       Read(R"({"user":"u","time":"2011-10-09T12:00:00Z","query":"tent","hits":1,"action":"search"})"
                            "\n"
                            R"({"user":"u","time":"2011-10-09T12:00:00Z","query":"tent","hits":[12],"action":true})"));
  EXPECT_EQ(log.report.bad_rows(), 0u);
  EXPECT_THAT(log.events, ElementsAre(OwnedEvent{"u", "tent", "", kNoon, Action::kSearch, 1},
                                      OwnedEvent{"u", "tent", "", kNoon, Action::kSearch}));
}

TEST_F(NdjsonParserTest, RowsOfTheFutureAreBad) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read("{\"user\":\"u\",\"time\":\"2199-01-01\",\"query\":\"tent\"}\n"));
  EXPECT_EQ(log.report.bad.at("time in the future").rows, 1u);
}

TEST_F(NdjsonParserTest, ColumnsThatAreNotThereAreErrorsThatListThoseThatAre) {
  EXPECT_THAT(Read("{\"a\":{\"b\":1},\"query\":\"x\"}\n"),
              HasStatus(absl::StatusCode::kInvalidArgument, AllOf(HasSubstr("log.ndjson: no column for user, time"),
                                                                  HasSubstr("columns found: a.b, query"))));
  EXPECT_THAT(Read("{\"a\":1}\n", "user=1,time=2,query=3"),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("no numbered columns")));
  EXPECT_THAT(Read("{\"a\":\n"),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("no JSON object at its beginning")));
}

// Any bytes of UTF-8 without control characters, since TSV cannot hold tabs and line ends.
std::string RandomText(std::mt19937& random, size_t most) {
  static const std::vector<std::string> kPieces = {"a", "b",  " ",  "\"", ",", "'",    "\\",
                                                   "é", "藍", "牙", "😀", "{", "27\"", ";"};
  std::string text = "x";
  for (size_t length = random() % most; length > 0; --length) text += kPieces[random() % kPieces.size()];
  return text;
}

TEST_F(NdjsonParserTest, AllFormatsGiveTheSameEvents) {
  std::mt19937 random(11);
  std::string tsv = "user\ttime\tquery\titem\thits\n", csv = "user,time,query,item,hits\r\n", ndjson;
  const auto quoted = [](const std::string& text) {
    return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
  };
  const auto json = [](const std::string& text) {
    return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
  };
  for (int i = 0; i < 3000; ++i) {
    const std::string user = absl::StrCat("u", random() % 100), query = RandomText(random, 20);
    const std::string item = random() % 2 == 0 ? "" : absl::StrCat("p", random() % 100);
    const std::string hits = random() % 2 == 0 ? "" : absl::StrCat(random() % 1000);
    const int64_t time = kNoon + static_cast<int64_t>(random() % 100'000'000);
    absl::StrAppend(&tsv, user, "\t", time, "\t", query, "\t", item, "\t", hits, "\n");
    absl::StrAppend(&csv, user, ",", time, ",", quoted(query), ",", item, ",", hits, "\r\n");
    absl::StrAppend(&ndjson, "{\"user\":", json(user), ",\"time\":", time, ",\"query\":", json(query),
                    ",\"item\":", json(item), ",\"hits\":", hits.empty() ? "null" : hits, "}\n");
  }
  ASSERT_OK_AND_ASSIGN(const auto from_tsv, ReadLog(dir_.Write("a.tsv", tsv)));
  ASSERT_OK_AND_ASSIGN(const auto from_csv, ReadLog(dir_.Write("a.csv", csv)));
  ASSERT_OK_AND_ASSIGN(const auto from_ndjson, ReadLog(dir_.Write("a.ndjson", ndjson)));
  EXPECT_EQ(from_tsv.events.size(), 3000u);
  EXPECT_EQ(from_tsv.events, from_csv.events);
  EXPECT_EQ(from_tsv.events, from_ndjson.events);
}

}  // namespace
}  // namespace kindred
