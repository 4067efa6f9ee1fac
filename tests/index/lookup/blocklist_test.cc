#include "index/lookup/blocklist.h"

#include <string>

#include "absl/strings/str_cat.h"
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

TEST(BlocklistTest, RemarksBlockNothing) {
  for (const char* lines : {"#", "# tent\n\n  \r\n", "\n＃tent\n"}) {
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
  EXPECT_TRUE(Blocks("*c++*", "learn c++ fast"));
  EXPECT_TRUE(Blocks("＊仿冒　＊", "仿冒 lv")) << "as input methods type it";
}

TEST(BlocklistTest, CaseAccentsAndKanaDoNotCountInPatternsAndSpacesDo) {
  EXPECT_TRUE(Blocks("*POKEMON*", "pokémon cards"));
  EXPECT_TRUE(Blocks("*pokémon*", "pokemon cards"));
  EXPECT_TRUE(Blocks("さーばー*", "サーバー ラック"));
  EXPECT_TRUE(Blocks("*sex*", "essex"));
  EXPECT_FALSE(Blocks("*sex*", "mass exodus"));
  for (const char* keyword : {"sex", "sex shop", "mass sex", "mass sex shop"}) {
    EXPECT_TRUE(Blocks("* sex *", keyword)) << keyword;
  }
  for (const char* keyword : {"essex", "sexy", "mass sexy", "unisex shop"}) {
    EXPECT_FALSE(Blocks("* sex *", keyword)) << keyword;
  }
  EXPECT_TRUE(Blocks("sex *", "sex shop"));
  EXPECT_FALSE(Blocks("sex *", "sexy"));
}

TEST(BlocklistTest, AByteOrderMarkIsNoPartOfTheFirstLine) {
  EXPECT_FALSE(Blocks("\xEF\xBB\xBF# tent", "tent"));
  EXPECT_TRUE(Blocks("\xEF\xBB\xBFtent*", "tent pegs"));
}

TEST(BlocklistTest, CountsLinesAndTellsEqualLists) {
  ASSERT_OK_AND_ASSIGN(const Blocklist blocklist, Blocklist::Parse("tent\n#\ntent*\n\n*tent\n"));
  EXPECT_EQ(blocklist.lines(), 3U);
  EXPECT_EQ(blocklist, *Blocklist::Parse("# no more\nTENT\nTent*\n*tent"));
  for (const char* other : {"tent\ntent*\ntent", "tent\ntent*\n*tent*", "lamp\ntent*\n*tent"}) {
    EXPECT_NE(blocklist, *Blocklist::Parse(other)) << other;
  }
}

TEST(BlocklistTest, TakesSoManyPatternsAndNoMore) {
  std::string lines;
  for (size_t i = 0; i < Blocklist::kMostPatterns; ++i) lines += absl::StrCat("tent ", i, "*\n");
  EXPECT_TRUE(Blocks(lines + "tent 7*\nstove\n", "tent 999 x"));
  EXPECT_THAT(Blocklist::Parse(lines + "lamp*"),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("line 1001: more than 1000 patterns")));
}

TEST(BlocklistTest, WhatIsNoKeywordIsNamedByItsLine) {
  const struct {
    const char* lines;
    const char* reason;
  } kCases[] = {
      {"", "it is empty; where nothing is blocked, write a # alone"},
      {" \n　\r\n", "it is empty"},
      {"*.com*", "line 1: keywords hold no such punctuation; \"com\" is what would be blocked"},
      {"tent (*", "line 1: keywords hold no such punctuation; \"tent\""},
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
