#include "index/text/word_segmenter.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/text/code_points.h"
#include "tests/index/text/query.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::Query;

class WordSegmenterTest : public ::testing::Test {
 protected:
  std::vector<std::string> Words(absl::string_view raw) {
    const NormalizedQuery query = Query(raw);
    const std::vector<absl::string_view> words = segmenter_->DistinctWords(query);
    return {words.begin(), words.end()};
  }
  // As a set, whatever its order.
  static std::vector<std::string> Sorted(std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    return words;
  }

  std::unique_ptr<WordSegmenter> segmenter_ = *WordSegmenter::Create();
};

TEST_F(WordSegmenterTest, CutsShopQueriesIntoTheirWords) {
  const struct {
    const char* raw;
    std::vector<std::string> words;
  } kCases[] = {
      {"gears of war", {"gears", "of", "war"}},
      {"藍牙耳機", {"蓝牙", "耳机"}},
      {"無線藍牙耳機", {"无线", "蓝牙", "耳机"}},
      {"手機殼", {"手机", "壳"}},
      {"黑色男鞋", {"黑色", "男", "鞋"}},
      {"iPhone15保護殼", {"iphone15", "保护", "壳"}},
      {"iPhone 15 保護殼", {"iphone", "15", "保护", "壳"}},
      {"女の子の服", {"女の子", "の", "服"}},
      {"ワイヤレス充電器", {"ワイヤレス", "充电", "器"}},
      {"อาหารแมว", {"อาหาร", "แมว"}},
      {"무선 이어폰", {"무선", "이어폰"}},
      {"café crème", {"café", "crème"}},
      {"c++ 1.5 c# ps4", {"c++", "1.5", "c#", "ps4"}},
      {"T恤", {"t", "恤"}},
      {"3入組", {"3", "入", "组"}},
  };
  for (const auto& c : kCases) EXPECT_EQ(Words(c.raw), Sorted(c.words)) << c.raw;
}

TEST_F(WordSegmenterTest, PlainTextIsSplitAtItsSpaces) {
  for (const absl::string_view text :
       {"xbox 360 controller", "h100 gpu", "rtx4070ti", "a", "1,5 l s9+", "naïve façade"}) {
    std::vector<std::string> words = absl::StrSplit(text, ' ');
    EXPECT_EQ(Words(text), Sorted(words)) << text;
  }
}

TEST_F(WordSegmenterTest, WordsAreDistinctAndInByteOrder) {
  EXPECT_EQ(Words("b a b 耳機 a 耳機"), (std::vector<std::string>{"a", "b", "耳机"}));
}

TEST_F(WordSegmenterTest, OnlyTheEmptyQueryHasNone) {
  EXPECT_TRUE(segmenter_->DistinctWords(NormalizedQuery()).empty());
  for (char32_t c = 1; c <= 0x10FFFF; c += 11) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string raw;
    AppendUtf8(c, raw);
    const NormalizedQuery query = Query(raw);
    const std::vector<absl::string_view> words = segmenter_->DistinctWords(query);
    EXPECT_EQ(words.empty(), query.empty());
    for (const absl::string_view word : words) EXPECT_FALSE(word.empty() || word == " ");
  }
}

TEST_F(WordSegmenterTest, NoCharacterIsLost) {
  for (const absl::string_view raw : {"無線 bluetooth耳機 スマホケース", "อาหารแมว 5kg 猫の餌", "ㄅㄆㄇ積木 무선"}) {
    std::string joined = absl::StrJoin(Words(raw), "");
    std::string whole = absl::StrJoin(absl::StrSplit(Query(raw).text(), ' '), "");
    std::sort(joined.begin(), joined.end());
    std::sort(whole.begin(), whole.end());
    EXPECT_EQ(joined, whole);
  }
}

}  // namespace
}  // namespace kindred
