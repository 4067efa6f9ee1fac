#include "index/text/code_points.h"

#include <cstdint>
#include <string>

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

TEST(CodePointsTest, UnspacedScriptsAreHanKanaAndZhuyinOnly) {
  const std::u32string unspaced = U"頭々〇𠮷あアーㄅㇰ\uF9FE", others = U"a1 éก가ㄱ、。「";
  for (const char32_t c : unspaced) EXPECT_TRUE(IsUnspacedCjk(c)) << static_cast<uint32_t>(c);
  for (const char32_t c : others) EXPECT_FALSE(IsUnspacedCjk(c)) << static_cast<uint32_t>(c);
}

}  // namespace
}  // namespace kindred
