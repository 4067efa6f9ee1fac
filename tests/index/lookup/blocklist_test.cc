#include "index/lookup/blocklist.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/lookup/tiny_near_index.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::Normal;
using ::testing::HasSubstr;

bool Blocks(const std::string& lines, const std::string& keyword) {
  const auto blocklist = Blocklist::Parse(lines);
  EXPECT_OK(blocklist);
  return blocklist.ok() && blocklist->Blocks(Normal(keyword));
}

TEST(BlocklistTest, AnEmptyOneBlocksNothing) {
  for (const char* lines : {"", "\n", "# tent\n\n  \r\n"}) {
    ASSERT_OK_AND_ASSIGN(const Blocklist blocklist, Blocklist::Parse(lines));
    EXPECT_TRUE(blocklist.empty());
    EXPECT_FALSE(blocklist.Blocks(Normal("tent")));
  }
}

TEST(BlocklistTest, ALineBlocksItsKeywordHoweverItIsWritten) {
  for (const char* keyword : {"apple watch", "Apple Watch", "AppleWatch", "ＡＰＰＬＥ　watch", "ápple-watch"}) {
    EXPECT_TRUE(Blocks("tent\n  apple watch \r\n", keyword)) << keyword;
    EXPECT_TRUE(Blocks(keyword, "apple watch")) << keyword;
  }
  EXPECT_TRUE(Blocks("蓝牙耳机", "藍牙 耳機"));
  EXPECT_TRUE(Blocks("サーバー", "さーばー"));
  for (const char* keyword : {"apple", "apple watch band", "apple watches", "watch"}) {
    EXPECT_FALSE(Blocks("tent\napple watch\n", keyword)) << keyword;
  }
}

TEST(BlocklistTest, StarsBlockWhatBeginsOrEndsSoOrHoldsIt) {
  EXPECT_TRUE(Blocks("apple*", "Apple watch"));
  EXPECT_TRUE(Blocks("apple*", "apple"));
  EXPECT_FALSE(Blocks("apple*", "green apple"));
  EXPECT_TRUE(Blocks("*watch", "apple watch"));
  EXPECT_FALSE(Blocks("*watch", "watch band"));
  EXPECT_TRUE(Blocks("*耳機*", "蓝牙耳机推薦"));
  EXPECT_FALSE(Blocks("*耳機*", "耳罩"));
  EXPECT_TRUE(Blocks("* sex *", "mass sex")) << "spaces at its ends do not count";
  EXPECT_FALSE(Blocks("*sex*", "mass exodus")) << "those inside do";
}

TEST(BlocklistTest, AByteOrderMarkIsNoPartOfTheFirstLine) {
  EXPECT_FALSE(Blocks("\xEF\xBB\xBF# tent", "tent"));
  EXPECT_TRUE(Blocks("\xEF\xBB\xBFtent*", "tent pegs"));
}

TEST(BlocklistTest, CountsDistinctLines) {
  ASSERT_OK_AND_ASSIGN(const Blocklist blocklist, Blocklist::Parse("tent\nTENT\n#\ntent*\nTent*\n*tent\n"));
  EXPECT_EQ(blocklist.size(), 3U);
}

TEST(BlocklistTest, WhatIsNoKeywordIsNamedByItsLine) {
  const struct {
    const char* lines;
    const char* reason;
  } kCases[] = {
      {"tent\n*\n", "line 2: no letter or digit"},
      {"**", "line 1: no letter or digit"},
      {"\n\n!!\n", "line 3: no letter or digit"},
      {"te*nt", "line 1: a * stands at the beginning or the end only"},
      {"tent\n***\n", "line 2: a * stands at the beginning or the end only"},
      {"tent\n\xFF\n", "line 2: byte 0xff at position 0 is not valid UTF-8"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Blocklist::Parse(c.lines), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr(c.reason)));
  }
  EXPECT_THAT(Blocklist::Parse(std::string(300, 'a')),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("line 1: query has 300 bytes")));
}

}  // namespace
}  // namespace kindred
