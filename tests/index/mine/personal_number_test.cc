#include "index/mine/personal_number.h"

#include <string>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(PersonalNumberTest, AWrongCheckDigitIsNoNumber) {
  for (const char* good : {"4111111111111111", "a123456789", "11010519491231002x"}) {
    EXPECT_NE(FindPersonalNumber(good), PersonalNumber::kNone) << good;
    std::string bad = good;
    for (char digit = '0'; digit <= '9'; ++digit) {
      bad[9] = digit;
      EXPECT_EQ(FindPersonalNumber(bad) != PersonalNumber::kNone, bad == good) << bad;
    }
  }
}

TEST(PersonalNumberTest, LettersThatTouchMakeItAModel) {
  EXPECT_EQ(FindPersonalNumber("0912345678"), PersonalNumber::kPhone);
  EXPECT_EQ(FindPersonalNumber("手機0912345678號"), PersonalNumber::kPhone);
  EXPECT_EQ(FindPersonalNumber("x0912345678"), PersonalNumber::kNone);
  EXPECT_EQ(FindPersonalNumber("0912345678b"), PersonalNumber::kNone);
}

TEST(PersonalNumberTest, FindsItBesideOtherNumbers) {
  EXPECT_EQ(FindPersonalNumber("iphone 15 256 0912-345-678"), PersonalNumber::kPhone);
  EXPECT_EQ(FindPersonalNumber("2 x 4111 1111 1111 1111"), PersonalNumber::kCard);
  EXPECT_EQ(FindPersonalNumber("12 4111 1111 1111 1111 12"), PersonalNumber::kCard);
  EXPECT_EQ(FindPersonalNumber("1-0912345678"), PersonalNumber::kNone) << "tied to more";
}

}  // namespace
}  // namespace kindred
