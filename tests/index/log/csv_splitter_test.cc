#include <random>
#include <string>

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/log/records.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using testing::Records;

// The same for every size of reads, or a record that says so.
std::vector<std::string> Split(const std::string& text) {
  const std::vector<std::string> records = Records(NewCsvSplitter, text, 1 << 20);
  for (const size_t bytes_a_read : {1, 2, 3, 7}) {
    EXPECT_EQ(Records(NewCsvSplitter, text, bytes_a_read), records) << bytes_a_read << " bytes a read";
  }
  return records;
}

TEST(CsvSplitterTest, PlainFields) {
  EXPECT_THAT(Split("a,b,c\n1,,3\n,,\nx\n"), ElementsAre("1:[a][b][c]", "2:[1][][3]", "3:[][][]", "4:[x]"));
  EXPECT_THAT(Split("a,b\r\nc,d\r\n"), ElementsAre("1:[a][b]", "2:[c][d]"));
  EXPECT_THAT(Split("a,b"), ElementsAre("1:[a][b]"));
  EXPECT_THAT(Split("a,"), ElementsAre("1:[a][]"));
  EXPECT_THAT(Split("a,b\r"), ElementsAre("1:[a][b]"));
  EXPECT_THAT(Split("a\r,b"), ElementsAre("1:[a\r][b]"));
  EXPECT_THAT(Split(" a , b "), ElementsAre("1:[ a ][ b ]"));
}

TEST(CsvSplitterTest, QuotedFieldsHoldCommasQuotesAndLineEnds) {
  EXPECT_THAT(Split("\"a,b\",c\n"), ElementsAre("1:[a,b][c]"));
  EXPECT_THAT(Split("\"27\"\" tv\",\"\"\"\",\"\"\n"), ElementsAre("1:[27\" tv][\"][]"));
  EXPECT_THAT(Split("\"one\ntwo\r\nthree\",b\nc,d\n"), ElementsAre("1:[one\ntwo\r\nthree][b]", "4:[c][d]"));
  EXPECT_THAT(Split("a,\"b\"\r\nc,\"d\"\r"), ElementsAre("1:[a][b]", "2:[c][d]"));
  EXPECT_THAT(Split("a,\"b\""), ElementsAre("1:[a][b]"));
  EXPECT_THAT(Split("\"\"\"\"\"\"\n"), ElementsAre("1:[\"\"]"));
}

TEST(CsvSplitterTest, BlankLinesArePassedOverButAQuotedNothingIsARecord) {
  EXPECT_THAT(Split("\n\r\na,b\n\n\"\"\n\n"), ElementsAre("3:[a][b]", "5:[]"));
  EXPECT_THAT(Split(""), ElementsAre());
}

TEST(CsvSplitterTest, AQuoteInsideAPlainFieldIsACharacter) {
  EXPECT_THAT(Split("27\" tv,b\nc,d\"\n"), ElementsAre("1:[27\" tv][b]", "2:[c][d\"]"));
}

TEST(CsvSplitterTest, AnUnterminatedQuoteIsBadWhereItBeginsAndCostsOneLine) {
  EXPECT_THAT(Split("a,b\nc,\"d\ne,f\ng,h\n"), ElementsAre("1:[a][b]", "2:unterminated quote", "3:[e][f]", "4:[g][h]"));
  EXPECT_THAT(Split("a,\"b\"\""), ElementsAre("1:unterminated quote"));
  EXPECT_THAT(Split("\""), ElementsAre("1:unterminated quote"));
  EXPECT_THAT(Records(NewCsvSplitter, "\"x" + std::string(2 * kMaxRecordBytes, 'x') + "\"\na,b\n", 1 << 20),
              ElementsAre("1:unterminated quote", "2:[a][b]"));
}

TEST(CsvSplitterTest, TextBehindAClosingQuoteIsBadAndCostsOneLine) {
  EXPECT_THAT(Split("\"a\"b,c\nd,e\n"), ElementsAre("1:text after quote", "2:[d][e]"));
  EXPECT_THAT(Split("\"a\" ,c\nd,e\n"), ElementsAre("1:text after quote", "2:[d][e]"));
  EXPECT_THAT(Split("\"a\"\rb\nd,e\n"), ElementsAre("1:text after quote", "2:[d][e]"));
  EXPECT_THAT(Split("a,\"b\nc,\"d\"\ne,f\n"), ElementsAre("1:text after quote", "2:[c][d]", "3:[e][f]"));
}

TEST(CsvSplitterTest, ARecordOverTheLimitIsBadAndCostsOneLine) {
  const std::string most(kMaxRecordBytes - 2, 'x');
  EXPECT_THAT(Records(NewCsvSplitter, "a," + most + "\nc,d\n", 1 << 20),
              ElementsAre("1:[a][" + most + "]", "2:[c][d]"));
  EXPECT_THAT(Records(NewCsvSplitter, "a," + most + "x\nc,d\n", 1 << 20), ElementsAre("1:line too long", "2:[c][d]"));
  EXPECT_THAT(Records(NewCsvSplitter, "a," + most + most + most, 1 << 20), ElementsAre("1:line too long"));
}

TEST(CsvSplitterTest, WhatIsWrittenByTheRulesIsReadBack) {
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
