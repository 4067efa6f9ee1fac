#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/log/records.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using testing::Records;

std::vector<std::string> Split(const std::string& text) { return Records(NewTsvSplitter, text, 1000); }

TEST(TsvSplitterTest, TabsPartFieldsAndNothingIsQuoted) {
  EXPECT_THAT(Split("a\tb\tc\n\t\t\n\"a\tb\"\tc\nx\n"),
              ElementsAre("1:[a][b][c]", "2:[][][]", "3:[\"a][b\"][c]", "4:[x]"));
}

TEST(TsvSplitterTest, BlankLinesArePassedOverButCounted) {
  EXPECT_THAT(Split("\n\r\na\tb\r\n\nc\td"), ElementsAre("3:[a][b]", "5:[c][d]"));
}

TEST(TsvSplitterTest, ALineOverTheLimitIsBad) {
  EXPECT_THAT(Split(std::string(kMaxRecordBytes + 1, 'x') + "\na\tb"), ElementsAre("1:line too long", "2:[a][b]"));
}

}  // namespace
}  // namespace kindred
