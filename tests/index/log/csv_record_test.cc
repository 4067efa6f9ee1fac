#include "index/log/csv_record.h"

#include <random>
#include <string>

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/log/records.h"

namespace kindred {
namespace {

using testing::CsvRecords;
using ::testing::ElementsAre;

// The same for every size of reads and blocks, or a record that says so.
std::vector<std::string> Split(const std::string& text, size_t width = 0) {
  const std::vector<std::string> records = CsvRecords(text, 1 << 20, 1 << 20, width);
  for (const size_t bytes_a_read : {1, 2, 3, 7}) {
    EXPECT_EQ(CsvRecords(text, bytes_a_read, 64, width), records) << bytes_a_read << " bytes a read";
    EXPECT_EQ(CsvRecords(text, 1000, bytes_a_read, width), records) << bytes_a_read << " bytes a block";
  }
  return records;
}

TEST(CsvRecordTest, PlainFields) {
  EXPECT_THAT(Split("a,b,c\n1,,3\n,,\nx\n"), ElementsAre("1:[a][b][c]", "2:[1][][3]", "3:[][][]", "4:[x]"));
  EXPECT_THAT(Split("a,b\r\nc,d\r\n"), ElementsAre("1:[a][b]", "2:[c][d]"));
  EXPECT_THAT(Split("a,b"), ElementsAre("1:[a][b]"));
  EXPECT_THAT(Split("a,"), ElementsAre("1:[a][]"));
  EXPECT_THAT(Split("a,b\r"), ElementsAre("1:[a][b]"));
  EXPECT_THAT(Split("a\r,b"), ElementsAre("1:[a\r][b]"));
  EXPECT_THAT(Split(" a , b "), ElementsAre("1:[ a ][ b ]"));
}

TEST(CsvRecordTest, QuotedFieldsHoldCommasQuotesAndLineEnds) {
  EXPECT_THAT(Split("\"a,b\",c\n"), ElementsAre("1:[a,b][c]"));
  EXPECT_THAT(Split("\"27\"\" tv\",\"\"\"\",\"\"\n"), ElementsAre("1:[27\" tv][\"][]"));
  EXPECT_THAT(Split("\"one\ntwo\r\nthree\",b\nc,d\n"), ElementsAre("1:[one\ntwo\r\nthree][b]", "4:[c][d]"));
  EXPECT_THAT(Split("a,\"b\"\r\nc,\"d\"\r"), ElementsAre("1:[a][b]", "2:[c][d]"));
  EXPECT_THAT(Split("a,\"b\""), ElementsAre("1:[a][b]"));
  EXPECT_THAT(Split("\"\"\"\"\"\"\n"), ElementsAre("1:[\"\"]"));
}

TEST(CsvRecordTest, BlankLinesArePassedOverButAQuotedNothingIsARecord) {
  EXPECT_THAT(Split("\n\r\na,b\n\n\"\"\n\n"), ElementsAre("3:[a][b]", "5:[]"));
  EXPECT_THAT(Split(""), ElementsAre());
}

TEST(CsvRecordTest, AQuoteInsideAPlainFieldIsACharacter) {
  EXPECT_THAT(Split("27\" tv,b\nc,d\"\n"), ElementsAre("1:[27\" tv][b]", "2:[c][d\"]"));
}

TEST(CsvRecordTest, AnUnterminatedQuoteIsBadWhereItBeginsAndCostsOneLine) {
  EXPECT_THAT(Split("a,b\nc,\"d\ne,f\ng,h\n"), ElementsAre("1:[a][b]", "2:unterminated quote", "3:[e][f]", "4:[g][h]"));
  EXPECT_THAT(Split("a,\"b\"\""), ElementsAre("1:unterminated quote"));
  EXPECT_THAT(Split("\""), ElementsAre("1:unterminated quote"));
  EXPECT_THAT(CsvRecords("\"x" + std::string(2 * kMaxRecordBytes, 'x') + "\"\na,b\n", 1 << 20, 256 << 10),
              ElementsAre("1:unterminated quote", "2:[a][b]"));
}

TEST(CsvRecordTest, AQuoteLeftOpenCostsItsLineWhereTheNextIsARow) {
  const std::string bad = absl::StrCat("1:", kOpenQuote);
  EXPECT_THAT(Split("u,1,\"exact\nv,2,tent\nw,3,27\"\nx,4,axe\n", 3),
              ElementsAre(bad, "2:[v][2][tent]", "3:[w][3][27\"]", "4:[x][4][axe]"));
  EXPECT_THAT(Split("u,\"exact,1\r\nv,27\",2\r\n", 3), ElementsAre(bad, "2:[v][27\"][2]"));
  EXPECT_THAT(Split("\"exact,u,1\n27\",v,2", 3), ElementsAre(bad, "2:[27\"][v][2]"));
  EXPECT_THAT(Split("u,1,\"exact\nv,2,\"27\"\" tv\"\n", 3), ElementsAre(bad, "2:[v][2][27\" tv]"));
  EXPECT_THAT(Split("u,1,\"exact\nv,2,tent\n", 3), ElementsAre(bad, "2:[v][2][tent]"));
  EXPECT_THAT(Split("u,1,\"exact\n\nv,2,27\"\n", 3), ElementsAre(bad, "3:[v][2][27\"]"));
  EXPECT_THAT(Split("u,1,\"exact, phrase\nv,2,27\"\n", 3), ElementsAre(bad, "2:[v][2][27\"]"));
}

TEST(CsvRecordTest, AQueryWithALineBreakIsAField) {
  EXPECT_THAT(Split("u,1,\"one\ntwo\"\nv,2,tent\n", 3), ElementsAre("1:[u][1][one\ntwo]", "3:[v][2][tent]"));
  EXPECT_THAT(Split("\"one\ntwo\",u,1\ntent,v,2\n", 3), ElementsAre("1:[one\ntwo][u][1]", "3:[tent][v][2]"));
  EXPECT_THAT(Split("u,\"one\r\n\r\ntwo\",1\n", 3), ElementsAre("1:[u][one\r\n\r\ntwo][1]"));
  const std::string most(kMaxFieldLineEnds, '\n');
  EXPECT_THAT(Split("u,1,\"" + most + "\"\n", 3), ElementsAre("1:[u][1][" + most + "]"));
  EXPECT_THAT(Split("u,1,\"x" + most + "\nx\"\n", 3),
              ElementsAre(absl::StrCat("1:", kOpenQuote), absl::StrCat(kMaxFieldLineEnds + 2, ":[x\"]")));
}

TEST(CsvRecordTest, TextBehindAClosingQuoteIsBadAndCostsOneLine) {
  EXPECT_THAT(Split("\"a\"b,c\nd,e\n"), ElementsAre("1:text after quote", "2:[d][e]"));
  EXPECT_THAT(Split("\"a\" ,c\nd,e\n"), ElementsAre("1:text after quote", "2:[d][e]"));
  EXPECT_THAT(Split("\"a\"\rb\nd,e\n"), ElementsAre("1:text after quote", "2:[d][e]"));
  EXPECT_THAT(Split("a,\"b\nc,\"d\"\ne,f\n"), ElementsAre("1:text after quote", "2:[c][d]", "3:[e][f]"));
}

TEST(CsvRecordTest, ARecordOverTheLimitIsBadAndCostsOneLine) {
  const std::string most(kMaxRecordBytes - 2, 'x');
  EXPECT_THAT(CsvRecords("a," + most + "\nc,d\n", 1 << 20, 256 << 10), ElementsAre("1:[a][" + most + "]", "2:[c][d]"));
  EXPECT_THAT(CsvRecords("a," + most + "x\nc,d\n", 1 << 20, 256 << 10), ElementsAre("1:line too long", "2:[c][d]"));
  EXPECT_THAT(CsvRecords("a," + most + most + most, 1 << 20, 256 << 10), ElementsAre("1:line too long"));
}

TEST(CsvRecordTest, AStrayQuoteMayLookBeyondItsBlock) {
  // The quote of the first line is closed, and its fate sealed, by what the next block holds.
  EXPECT_THAT(Split("a,\"b\nccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\"d\ne\n"),
              ElementsAre("1:text after quote",
                          "2:[ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\"d]", "3:[e]"));
}

TEST(CsvRecordTest, WhatIsWrittenByTheRulesIsReadBack) {
  std::mt19937 random(3);
  const std::string alphabet = "ab,\"\n\r \t;";
  for (int round = 0; round < 300; ++round) {
    std::string text;
    std::vector<std::string> want;
    uint64_t line = 1;
    for (int record = 0; record < 5; ++record) {
      std::string shown = absl::StrCat(line, ":");
      for (int field = 0; field < 3; ++field) {
        std::string value;
        for (size_t length = random() % 6; length > 0; --length) value += alphabet[random() % alphabet.size()];
        line += static_cast<uint64_t>(std::count(value.begin(), value.end(), '\n'));
        absl::StrAppend(&shown, "[", value, "]");
        absl::StrAppend(&text, field == 0 ? "" : ",", "\"", absl::StrReplaceAll(value, {{"\"", "\"\""}}), "\"");
      }
      text += random() % 2 == 0 ? "\n" : "\r\n";
      ++line;
      want.push_back(shown);
    }
    ASSERT_EQ(Split(text), want) << text;
  }
}

}  // namespace
}  // namespace kindred
