#include "index/text/code_points.h"

#include <cstdint>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::testing::HasSubstr;

TEST(CodePointsTest, RoundTripsEveryCodePoint) {
  std::u32string all;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c < 0xD800 || c > 0xDFFF) all.push_back(c);
  }
  const std::string text = EncodeUtf8(all);
  ASSERT_OK_AND_ASSIGN(const std::u32string decoded, DecodeUtf8(text));
  EXPECT_TRUE(decoded == all);
  EXPECT_TRUE(CodePointsOf(text) == all);
}

TEST(CodePointsTest, RefusesTextCutInsideACharacter) {
  const std::string text = "é頭𠮷";
  for (const size_t size : {1, 3, 4, 6, 7, 8}) {
    EXPECT_THAT(DecodeUtf8(text.substr(0, size)),
                HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("not valid UTF-8")))
        << size;
  }
  EXPECT_OK(DecodeUtf8(text.substr(0, 5)));
}

TEST(CodePointsTest, IsUtf8TellsWhatDecodes) {
  for (const absl::string_view text : {"", "a", "é頭𠮷"}) EXPECT_TRUE(IsUtf8(text)) << text;
  // Latin-1, a lone continuation, an overlong slash, a surrogate, past U+10FFFF, cut short.
  for (const absl::string_view text :
       {"caf\xe9", "\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xe9\xa0"}) {
    EXPECT_FALSE(IsUtf8(text));
    EXPECT_FALSE(DecodeUtf8(text).ok());
  }
}

TEST(CodePointsTest, IsUtf8TellsWhatDecodesOfEachFirstByte) {
  constexpr char kNext[] = {'\x00', '\x7f', '\x80', '\x8f', '\x90', '\x9f', '\xa0', '\xbf', '\xc0', '\xff'};
  for (int first = 0; first < 256; ++first) {
    for (const char second : kNext) {
      for (const char third : kNext) {
        for (const absl::string_view tail : {"", "a", "\x80", "abcdefghijklmnopq"}) {
          const std::string text = absl::StrCat(std::string{static_cast<char>(first), second, third}, tail);
          ASSERT_EQ(IsUtf8(text), DecodeUtf8(text).ok()) << absl::CHexEscape(text);
        }
      }
    }
  }
}

TEST(CodePointsTest, IsUtf8FindsABadByteWhereverItStands) {
  for (size_t at = 0; at < 20; ++at) {
    std::string text(20, 'a');
    text[at] = '\xff';
    EXPECT_FALSE(IsUtf8(text)) << at;
    EXPECT_TRUE(IsUtf8(text.replace(at, 1, "é"))) << at;
  }
}

TEST(CodePointsTest, UnspacedScriptsAreHanKanaAndZhuyinOnly) {
  const std::u32string unspaced = U"頭々〇𠮷あアーㄅㇰ\uF9FE", others = U"a1 éก가ㄱ、。「";
  for (const char32_t c : unspaced) EXPECT_TRUE(IsUnspacedCjk(c)) << static_cast<uint32_t>(c);
  for (const char32_t c : others) EXPECT_FALSE(IsUnspacedCjk(c)) << static_cast<uint32_t>(c);
}

}  // namespace
}  // namespace kindred
