#include "index/text/normalized_query.h"

#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/text/code_points.h"
#include "tests/index/text/query.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::Normal;
using ::kindred::testing::Query;
using ::testing::HasSubstr;

TEST(NormalizeQueryTest, TypedFormsHaveTheirNormalForm) {
  const struct {
    const char *raw, *normal;
  } kCases[] = {
      // Spaces and case
      {"gears of war", "gears of war"},
      {"  Gears\t OF \n war ", "gears of war"},
      {"", ""},
      {" \t\r\n", ""},
      {"\xC2\xA0tent\xE2\x80\x83pegs\xE3\x80\x80", "tent pegs"},  // no-break, em and ideographic spaces
      // Punctuation of ASCII
      {"!?...", ""},
      {"assassin's creed", "assassins creed"},
      {"assassin\u2019s creed", "assassins creed"},
      {"assassin\u00B4s creed", "assassins creed"},
      {"assassin`s creed", "assassins creed"},
      {"'gears' of 'war'", "gears of war"},
      {"rock 'n' roll", "rock n roll"},
      {"ps4's", "ps4s"},
      {"5'x7' rug", "5x7 rug"},
      {"6'2 tent", "6 2 tent"},
      {"t-shirt", "t shirt"},
      {"wi-fi_router", "wi fi router"},
      {"H&M", "h m"},
      {"1.5 l", "1.5 l"},
      {"v1.5.2", "v1.5.2"},
      {"dr. dre", "dr dre"},
      {"end.", "end"},
      {".5 mm", "5 mm"},
      {"10,000mAh", "10000mah"},
      {"1,234,567", "1234567"},
      {"1,5 l", "1,5 l"},
      {"1,2,34", "1,2,34"},
      {"red,blue", "red blue"},
      {"c++", "c++"},
      {"C# book", "c# book"},
      {"disney+", "disney+"},
      {"s9+, black", "s9+ black"},
      {"gears+of+war", "gears of war"},
      {"#1 dad", "1 dad"},
      {"xbox 360 + kinect", "xbox 360 kinect"},
      {"$50", "50"},
      {"1/2 inch", "1 2 inch"},
      {"\"gears\x01of\x7Fwar\"", "gears of war"},
      // Full and half width, compatibility forms, ligatures
      {"ｉＰｈｏｎｅ　１５", "iphone 15"},
      {"Ｃ＋＋", "c++"},
      {"ﬁlm ﬂower", "film flower"},
      {"㎏ ①", "kg 1"},
      {"m²", "m2"},
      {"½ inch", "1 2 inch"},
      {"1½ inch", "1 1 2 inch"},
      {"Xbox™ 360®", "xbox 360"},
      // Accents and case of other alphabets
      {"Café", "café"},
      {"Cafe\u0301", "café"},
      {"STRASSE", "strasse"},
      {"Straße", "strasse"},
      {"ΌΔΟΣ", "όδοσ"},
      {"МОСКВА", "москва"},
      {"\u0301tent", "tent"},  // a mark with nothing to stand on
      {"tent \u0301pegs", "tent pegs"},
      // Emoji and symbols
      {"🎄", ""},
      {"耳機🎧", "耳机"},
      {"❤️ gift ❤️", "gift"},
      {"1️⃣ pack", "1 pack"},
      {"👨‍👩‍👧 tent", "tent"},
      // Zero-width, bidirectional and control characters, private use, unassigned
      {"gears\u200B of\uFEFF war", "gears of war"},
      {"\u202Egears\u202C", "gears"},
      {"so\u00ADfa", "sofa"},
      {"tent\u0000"
       "pegs",
       "tent"},  // C string: ends at NUL; see NulSeparates
      {"tent\uE000pegs", "tent pegs"},
      {"tent\U000E0FFFpegs", "tentpegs"},  // default-ignorable, although unassigned
      {"tent\uFFFDpegs", "tent pegs"},
      // Chinese
      {"頭髮", "头发"},
      {"头发", "头发"},
      {"頭 髮", "头发"},
      {"藍牙耳機", "蓝牙耳机"},
      {" 藍牙　耳機 ", "蓝牙耳机"},
      {"藍牙、耳機。", "蓝牙耳机"},
      {"無線-藍牙-耳機", "无线蓝牙耳机"},
      {"乾燥", "干燥"},
      {"後面", "后面"},
      {"顯著", "显著"},
      {"显著", "显著"},
      {"麵包", "面包"},
      {"銀髮", "银发"},
      {"iPhone 15 保護殼", "iphone 15 保护壳"},
      {"iPhone15保護殼", "iphone15保护壳"},
      {"１０，０００ｍＡｈ行動電源", "10000mah行动电源"},
      {"ㄅㄆㄇ 積木", "ㄅㄆㄇ积木"},
      {"⼿機", "手机"},      // U+2F3F, a radical
      {"\uF9FE", "茶"},      // a compatibility ideograph
      {"𠮷野家", "𠮷野家"},  // beyond the BMP
      // Japanese
      {"ﾊﾞｯｸﾞ", "バッグ"},
      {"サーバー", "サーバー"},
      {"サ-バ-", "サーバー"},
      {"サ－バ－", "サーバー"},
      {"サ−バ‐", "サーバー"},
      {"ｻｰﾊﾞｰ", "サーバー"},
      {"ら〜めん", "らーめん"},
      {"コ-ヒ-豆", "コーヒー豆"},
      {"ケース-15", "ケース 15"},
      {"ケース--黒", "ケース黒"},
      {"か゛", "が"},
      {"か\u3099", "が"},
      {"女の子", "女の子"},
      {"スマホ ケース", "スマホケース"},
      {"レディー・ガガ", "レディーガガ"},
      {"㍑", "リットル"},
      {"人々", "人々"},
      // Korean: spaces separate words there
      {"무선 이어폰", "무선 이어폰"},
      {"\u1112\u1161\u11AB", "한"},
      {"ﾡﾢ", "ᄀᄁ"},
      // Other scripts
      {"آيفون ١٥", "آيفون 15"},
      {"۱۵", "15"},
      {"อาหารแมว", "อาหารแมว"},
      {"हिन्दी", "हिन्दी"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Normal(c.raw), c.normal) << "of \"" << c.raw << '"';
    EXPECT_EQ(Normal(c.normal), c.normal);
  }
}

TEST(NormalizeQueryTest, DifferentSearchesStayApart) {
  const std::pair<const char*, const char*> kPairs[] = {
      {"halo 3", "halo 4"},
      {"c", "c++"},
      {"c", "c#"},
      {"1.5", "15"},
      {"café", "cafe"},
      {"女の子", "オンナノコ"},
      {"ひと", "ヒト"},
      {"かき", "がき"},
      {"s9", "s9+"},
      {"1,5", "15"},
      {"男鞋", "女鞋"},
      {"サーバー", "サーバ"},
      {"iphone 15", "iphone15"},
      {"台灣", "台北"},
      {"は", "ば"},
      {"x box", "xbox"},
      {"1 2", "12"},
      {"무선 이어폰", "무선이어폰"},
      {"ハ", "パ"},
      {"й", "и"},
  };
  for (const auto& [a, b] : kPairs) EXPECT_NE(Normal(a), Normal(b)) << a << " and " << b;
}

TEST(NormalizeQueryTest, NulSeparates) { EXPECT_EQ(Normal(absl::string_view("a\0b", 3)), "a b"); }

TEST(NormalizeQueryTest, NamesThePositionOfTheFirstByteThatIsNotUtf8) {
  const struct {
    const char *name, *raw;
    int position;
  } kCases[] = {
      {"lone continuation", "tent \x80", 5},     {"overlong slash", "ab\xC0\xAF", 2},
      {"overlong NUL", "\xE0\x80\x80", 0},       {"surrogate", "頭\xED\xA0\x80", 3},
      {"past U+10FFFF", "a\xF4\x90\x80\x80", 1}, {"cut short", "頭\xE9\xAB", 3},
      {"cut by a letter", "\xE9\xABx", 0},       {"never a byte of UTF-8", "ok\xFF", 2},
      {"Big5", "\xC2\xC5\xA4\xFA", 0},           {"Latin-1", "caf\xE9", 3},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(NormalizeQuery(c.raw), HasStatus(absl::StatusCode::kInvalidArgument,
                                                 HasSubstr("at position " + std::to_string(c.position) + " ")))
        << c.name;
  }
}

TEST(NormalizeQueryTest, LimitsLengthBeforeAndAfter) {
  EXPECT_OK(NormalizeQuery(std::string(kMaxQueryBytes, 'a')));
  EXPECT_THAT(NormalizeQuery(std::string(kMaxQueryBytes + 1, 'a')),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("257 bytes")));
  EXPECT_THAT(NormalizeQuery(std::string(kMaxQueryBytes + 1, ' ')),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("257 bytes")));
  std::string grows;  // U+FDFA becomes 18 letters
  for (int i = 0; i < 80; ++i) grows += "\uFDFA";
  EXPECT_THAT(NormalizeQuery(grows), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("once normalized")));
}

// Characters of many scripts, and above all those whose foldings feed each other.
std::u32string Alphabet() {
  std::u32string alphabet =
      U"aAzZ09  ''`’.,,++##--~&\u00B4\u00A8\u00AD\u200B\u200D\uFE0F\u20E3™é\u0301\u0307\u0327ßςİıﬁ½²①㎏"
      U"ｉＰ１，．＋－＇゛゜\u3099\u309Aーかはがハｶﾊﾞﾟｰ・〜々ヿゟ"
      U"乾燥著顯显頭髮发銀內裡苎薴苧剃生旦净末丑祇好藉口鞦韆英吋後后⼿\uF9FE𠮷"
      U"\u1100\u1161\u11A8가각ﾡￂㅤ١٥٬ㄅㄚˊ˙กำ\u0E48हि\u094D🎄👨\uE000\u0378\U000E0FFF\uFFFD\uFDFA";
  alphabet.push_back(0);
  return alphabet;
}

TEST(NormalizeQueryTest, NormalFormOfANormalFormIsItself) {
  const std::u32string alphabet = Alphabet();
  std::mt19937 random(1);
  std::uniform_int_distribution<size_t> pick(0, alphabet.size() - 1), length(0, 12);
  std::uniform_int_distribution<uint32_t> any(0, 0x10FFFF);
  for (int round = 0; round < 50000; ++round) {
    std::string raw;
    for (size_t left = length(random); left > 0; --left) {
      const char32_t wild = any(random);
      const bool tame = random() % 16 != 0 || (wild >= 0xD800 && wild <= 0xDFFF);
      AppendUtf8(tame ? alphabet[pick(random)] : wild, raw);
    }
    const absl::StatusOr<NormalizedQuery> once = NormalizeQuery(raw);
    ASSERT_OK(once) << raw;
    ASSERT_EQ(Normal(once->text()), once->text()) << raw;
  }
}

TEST(NormalizeQueryTest, EveryCodePointSettles) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    for (const absl::string_view around : {"a", "は"}) {
      std::string raw(around);
      AppendUtf8(c, raw);
      raw += std::string(around);
      const std::string normal = Normal(raw);
      ASSERT_EQ(Normal(normal), normal) << "U+" << std::hex << static_cast<uint32_t>(c);
    }
  }
}

TEST(NormalizeQueryTest, FastPathsAgreeWithTheSlowOne) {
  // Each alphabet has a path of its own; é sends a text down the last one.
  const std::u32string ascii = U"aBz09 '`.,+#-~&/\"\t\x7F\x01";
  std::mt19937 random(2);
  for (const std::u32string& alphabet : {std::u32string(U"aBz09  "), ascii, ascii + U"著顯頭髮发内裡ーかハヴヵ・ヽ"}) {
    for (int round = 0; round < 100000; ++round) {
      std::string text;
      for (size_t left = random() % 12; left > 0; --left) AppendUtf8(alphabet[random() % alphabet.size()], text);
      const std::string fast = Normal(text);
      const std::string slow = Normal(text + " é");
      ASSERT_EQ(slow, fast.empty() ? "é" : fast + " é") << text;
      ASSERT_EQ(Normal(fast), fast) << text;
    }
  }
}

TEST(NormalizeQueryTest, FastPathsTakeNoCharacterThatTheSlowOneChanges) {
  for (char32_t c = 0x2E80; c <= 0xFFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string character;
    AppendUtf8(c, character);
    for (const std::string& text : {"a " + character + " A", "は " + character + " は", character + character + "1"}) {
      ASSERT_EQ(Normal(text + " é"), Normal(text) + " é") << "U+" << std::hex << static_cast<uint32_t>(c);
    }
  }
}

TEST(NormalizeQueryTest, ThreadsAgree) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int round = 0; round < 1000; ++round) EXPECT_EQ(Normal("無線 ﾊﾞｯｸﾞ"), "无线バッグ");
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(NormalizedQueryTest, ComparesByBytes) {
  EXPECT_EQ(Query("Halo"), Query("halo "));
  EXPECT_NE(Query("halo"), Query("halo 3"));
  EXPECT_LT(Query("halo"), Query("halo 3"));
  EXPECT_LT(Query("z"), Query("頭"));
  EXPECT_TRUE(NormalizedQuery().empty());
  EXPECT_EQ(NormalizedQuery(), Query("!"));
}

}  // namespace
}  // namespace kindred
