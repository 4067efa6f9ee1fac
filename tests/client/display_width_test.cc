#include "client/display_width.h"

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(DisplayWidthTest, CountsColumns) {
  const struct {
    const char* name;
    const char* text;
    int want;
  } kCases[] = {
      {"nothing", "", 0},
      {"Latin", "tent", 4},
      {"accent, one character", "café", 4},
      {"accent, combining", "cafe\u0301", 4},
      {"Chinese", "保護殼", 6},
      {"Chinese and Latin", "iPhone 15 保護殼", 16},
      {"katakana, full width", "スマホ", 6},
      {"katakana, half width", "ｽﾏﾎ", 3},
      {"Hangul", "텐트", 4},
      {"not UTF-8, a column a byte", "a\xff\xfe", 3},
      {"cut within a character", "a\xe4\xbf", 3},
      {"control characters", "a\tb", 3},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(DisplayWidth(c.text), c.want);
  }
}

}  // namespace
}  // namespace kindred
