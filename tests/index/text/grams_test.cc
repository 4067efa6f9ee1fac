#include "index/text/grams.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/text/code_points.h"
#include "tests/index/text/query.h"

namespace kindred {
namespace {

using ::kindred::testing::Query;
using ::testing::UnorderedElementsAre;

std::vector<std::string> Grams(absl::string_view raw) {
  std::vector<std::string> grams;
  for (const Gram gram : DistinctGrams(Query(raw))) {
    std::string text;
    for (const int shift : {42, 21, 0}) {
      const auto c = static_cast<char32_t>(gram >> shift & 0x1FFFFF);
      if (c != 0) AppendUtf8(c, text);
    }
    grams.push_back(text);
  }
  return grams;
}

TEST(GramsTest, LettersAreCutInThreesWithEnds) {
  EXPECT_THAT(Grams("halo"), UnorderedElementsAre("^ha", "hal", "alo", "lo$"));
  EXPECT_THAT(Grams("a b"), UnorderedElementsAre("^ab", "ab$"));
  EXPECT_THAT(Grams("x"), UnorderedElementsAre("^x$"));
}

TEST(GramsTest, CjkIsCutInTwos) {
  EXPECT_THAT(Grams("藍牙耳機"), UnorderedElementsAre("^蓝", "蓝牙", "牙耳", "耳机", "机$"));
  EXPECT_THAT(Grams("壳"), UnorderedElementsAre("^壳", "壳$"));
  EXPECT_THAT(Grams("女の子"), UnorderedElementsAre("^女", "女の", "の子", "子$"));
  EXPECT_THAT(Grams("이어폰"), UnorderedElementsAre("^이", "이어", "어폰", "폰$"));
}

TEST(GramsTest, MixedTextChangesAtTheBorder) {
  EXPECT_THAT(Grams("ps5手柄"), UnorderedElementsAre("^ps", "ps5", "5手", "手柄", "柄$"));
  EXPECT_THAT(Grams("t恤"), UnorderedElementsAre("t恤", "恤$"));
}

TEST(GramsTest, SpacesDoNotCount) { EXPECT_EQ(Grams("x box 360"), Grams("xbox360")); }

TEST(GramsTest, AscendingAndDistinct) {
  const std::vector<Gram> grams = DistinctGrams(Query("ha ha ha ha 哈哈哈哈"));
  EXPECT_TRUE(std::is_sorted(grams.begin(), grams.end()));
  EXPECT_EQ(std::adjacent_find(grams.begin(), grams.end()), grams.end());
}

TEST(GramsTest, OnlyTheEmptyQueryHasNone) {
  EXPECT_TRUE(DistinctGrams(NormalizedQuery()).empty());
  for (char32_t c = 1; c <= 0x30FFFF && c <= 0x10FFFF; c += 7) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string raw;
    AppendUtf8(c, raw);
    const NormalizedQuery query = Query(raw);
    EXPECT_EQ(DistinctGrams(query).empty(), query.empty());
  }
}

}  // namespace
}  // namespace kindred
