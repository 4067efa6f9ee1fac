#include "index/text/typing_error.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "index/text/code_points.h"

namespace kindred {
namespace {

bool Typing(absl::string_view a, absl::string_view b) {
  const std::u32string x = CodePointsOf(a), y = CodePointsOf(b);
  EXPECT_EQ(DifferByTypingError(x, y), DifferByTypingError(y, x)) << a << ' ' << b;
  return DifferByTypingError(x, y);
}
bool InputMethod(absl::string_view a, absl::string_view b) {
  const std::u32string x = CodePointsOf(a), y = CodePointsOf(b);
  EXPECT_EQ(DifferByInputMethod(x, y), DifferByInputMethod(y, x)) << a << ' ' << b;
  return DifferByInputMethod(x, y);
}

TEST(TypingErrorTest, GrowsMoreTolerantWithLength) {
  EXPECT_TRUE(Typing("car", "cars"));
  EXPECT_FALSE(Typing("ca", "cas"));
  EXPECT_FALSE(Typing("car", "cart"));
  EXPECT_TRUE(Typing("halo", "hallo"));
  EXPECT_TRUE(Typing("halo", "hlao"));
  EXPECT_FALSE(Typing("forza", "forba"));
  EXPECT_TRUE(Typing("kinect", "kinekt"));
  EXPECT_FALSE(Typing("kinect", "kinekts"));
  EXPECT_TRUE(Typing("controller", "contoler"));
  EXPECT_TRUE(Typing("keyboard", "kyeborad"));
  EXPECT_FALSE(Typing("controller", "contoleer s"));
}

TEST(TypingErrorTest, TheFirstCharacterIsNotMistyped) {
  EXPECT_FALSE(Typing("external", "internal"));
  EXPECT_FALSE(Typing("wireless", "tireless"));
}

// The table that the banded one must agree with.
size_t Distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

TEST(TypingErrorTest, AgreesWithTheWholeTable) {
  std::mt19937 random(4);
  int near = 0;
  for (int round = 0; round < 200000; ++round) {
    std::u32string a = U"x", b;
    for (size_t left = 3 + random() % 10; left > 0; --left) a += static_cast<char32_t>('a' + random() % 3);
    b = a;
    for (size_t edits = random() % 4; edits > 0; --edits) {
      const size_t at = 1 + random() % (b.size() - 1);
      if (random() % 2 == 0) b[at] = static_cast<char32_t>('a' + random() % 3);
      if (random() % 3 == 0) b.insert(at, 1, static_cast<char32_t>('a' + random() % 3));
      if (random() % 3 == 0 && b.size() > 4) b.erase(at, 1);
    }
    if (a == b) continue;
    const size_t size = std::min(a.size(), b.size()), distance = Distance(a, b);
    const bool substituted = a.size() == b.size() && [&] {
      size_t differ = 0;
      for (size_t i = 0; i < a.size(); ++i) differ += a[i] != b[i] ? 1 : 0;
      return differ == 1;
    }();
    const bool want = size >= 8 ? distance <= 2 : size >= 4 && distance == 1 && (!substituted || size >= 6);
    near += want ? 1 : 0;
    ASSERT_EQ(DifferByTypingError(a, b), want) << EncodeUtf8(a) << ' ' << EncodeUtf8(b);
    ASSERT_EQ(DifferByTypingError(b, a), want) << EncodeUtf8(a) << ' ' << EncodeUtf8(b);
    if (!want) continue;
    const std::set<char32_t> in_a(a.begin(), a.end()), in_b(b.begin(), b.end());
    std::vector<char32_t> in_one;
    std::set_symmetric_difference(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(), std::back_inserter(in_one));
    ASSERT_LE(in_one.size(), MostCharactersChangedByTyping(a.size())) << EncodeUtf8(a) << ' ' << EncodeUtf8(b);
    ASSERT_LE(in_one.size(), MostCharactersChangedByTyping(b.size())) << EncodeUtf8(a) << ' ' << EncodeUtf8(b);
  }
  EXPECT_GT(near, 10000);
}

TEST(InputMethodTest, WordsThatSoundAlike) {
  EXPECT_TRUE(InputMethod("蓝牙耳机", "蓝芽耳机"));
  EXPECT_FALSE(InputMethod("男鞋", "女鞋"));
  EXPECT_FALSE(InputMethod("牙", "芽"));
  EXPECT_FALSE(InputMethod("蓝牙", "蓝芽耳机"));
}

TEST(InputMethodTest, BlocksInAnotherOrder) {
  EXPECT_TRUE(InputMethod("黑色男鞋", "男鞋黑色"));
  EXPECT_TRUE(InputMethod("黑色男鞋透气", "透气黑色男鞋"));
  EXPECT_FALSE(InputMethod("蜜蜂", "蜂蜜"));
  EXPECT_FALSE(InputMethod("牛奶", "奶牛"));
  EXPECT_FALSE(InputMethod("黑色男鞋", "黑色女鞋"));
  EXPECT_FALSE(InputMethod("黑色黑色", "黑色男鞋"));
  EXPECT_TRUE(InputMethod("甲乙甲乙丙甲乙甲丁", "甲乙甲丁甲乙甲乙丙"));
}

TEST(InputMethodTest, IsSymmetricForBlocksOfAnyKind) {
  std::mt19937 random(5);
  int both = 0;
  for (int round = 0; round < 100000; ++round) {
    std::u32string a;
    for (size_t left = 4 + random() % 8; left > 0; --left) a += U"紅黃藍"[random() % 3];
    const size_t first = random() % a.size(), second = first + random() % (a.size() - first);
    const std::u32string b = a.substr(second) + a.substr(first, second - first) + a.substr(0, first);
    const bool forth = DifferByInputMethod(a, b);
    both += forth ? 1 : 0;
    ASSERT_EQ(DifferByInputMethod(b, a), forth) << EncodeUtf8(a) << ' ' << EncodeUtf8(b);
  }
  EXPECT_GT(both, 10000);
}

}  // namespace
}  // namespace kindred
