#include "index/log/excerpt.h"

#include <random>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(ExcerptTest, ReadableTextStaysAndTheRestIsEscaped) {
  EXPECT_EQ(Excerpt("tent 藍牙耳機 \"27\\\"", 120), "tent 藍牙耳機 \"27\\\"");
  EXPECT_EQ(Excerpt(absl::string_view("a\0\t\n\r\x1b[31m\x7f", 11), 120), "a\\x00\\x09\\x0a\\x0d\\x1b[31m\\x7f");
  EXPECT_EQ(Excerpt("a\xFF\xE8\x97", 120), "a\\xff\\xe8\\x97");
  EXPECT_EQ(Excerpt("\xC2\x9B", 120), "\\xc2\\x9b");  // A control character that starts terminal commands.
  EXPECT_EQ(Excerpt("", 120), "");
}

TEST(ExcerptTest, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(Excerpt("12345678", 8), "12345678");
  EXPECT_EQ(Excerpt("123456789", 8), "12345...");
  EXPECT_EQ(Excerpt("藍牙耳機", 12), "藍牙耳機");
  EXPECT_EQ(Excerpt("藍牙耳機", 11), "藍牙...");
}

TEST(ExcerptTest, NeverLongerThanAskedAndNeverAControlCharacter) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (size_t length = random() % 40; length > 0; --length) text += static_cast<char>(random());
    const std::string excerpt = Excerpt(text, 8 + random() % 30);
    EXPECT_LE(excerpt.size(), 37u);
    for (const char c : excerpt) EXPECT_FALSE(c >= 0 && c < ' ');
  }
}

}  // namespace
}  // namespace kindred
