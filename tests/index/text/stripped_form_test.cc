#include "index/text/stripped_form.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "index/text/code_points.h"
#include "tests/index/text/query.h"

namespace kindred {
namespace {

using ::kindred::testing::Query;

std::string Stripped(absl::string_view raw) { return StrippedForm(Query(raw)); }

TEST(StrippedFormTest, SpellingsOfOneQueryAreEqual) {
  for (const auto& [a, b] : {std::pair("x box 360", "xbox360"),
                             {"wi-fi", "wifi"},
                             {"サーバー", "サーバ"},
                             {"ぬいぐるみ", "ヌイグルミ"},
                             {"iphone 15 保護殼", "iPhone15保护壳"},
                             {"Pokémon", "pokemon"},
                             {"đồng hồ", "dong ho"},
                             {"q\u0301", "q"},
                             {"Ångström", "angstrom"},
                             {"무선 이어폰", "무선이어폰"},
                             {"いすゞ", "イスヾ"}}) {
    EXPECT_EQ(Stripped(a), Stripped(b)) << a << " and " << b;
  }
}

TEST(StrippedFormTest, OtherQueriesDiffer) {
  for (const auto& [a, b] : {std::pair("1/2 inch", "12 inch"),
                             {"1.5", "15"},
                             {"halo 3", "halo 4"},
                             {"かき", "がき"},
                             {"c", "c++"},
                             {"й", "и"},
                             {"男鞋", "女鞋"}}) {
    EXPECT_NE(Stripped(a), Stripped(b)) << a << " and " << b;
  }
}

TEST(StrippedFormTest, OnlyTheEmptyQueryStripsToNothing) {
  EXPECT_EQ(StrippedForm(NormalizedQuery()), "");
  EXPECT_EQ(Stripped("ー"), "ー");
  EXPECT_EQ(Stripped("ーー"), "ーー");
  for (char32_t c = 1; c <= 0x10FFFF; c += 13) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string raw;
    AppendUtf8(c, raw);
    const NormalizedQuery query = Query(raw);
    EXPECT_EQ(StrippedForm(query).empty(), query.empty());
  }
}

TEST(SpellingCodePointsTest, KeepsSpaces) { EXPECT_TRUE(SpellingCodePoints(Query("Pokémon ぴか")) == U"pokemon ピカ"); }

}  // namespace
}  // namespace kindred
