#include "index/mine/string_dictionary.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using ::testing::Ge;

std::vector<uint32_t> NumbersOf(StringDictionary& dictionary, const std::vector<std::string>& raw) {
  std::vector<NewSpelling> spellings;
  for (const std::string& text : raw) spellings.push_back({text, FingerprintOf(text)});
  dictionary.Spell(absl::MakeSpan(spellings));
  std::vector<uint32_t> numbers;
  for (const NewSpelling& spelling : spellings) numbers.push_back(spelling.number);
  return numbers;
}

class StringDictionaryTest : public ::testing::TestWithParam<bool> {
 protected:
  DropReasons reasons_;
  StringDictionary all_{TableDetail::kAll, GetParam(), &reasons_};
  StringDictionary queries_{TableDetail::kQueries, GetParam(), &reasons_};
};

INSTANTIATE_TEST_SUITE_P(Shared, StringDictionaryTest, ::testing::Bool());

TEST_P(StringDictionaryTest, ASpellingHasOneNumberHoweverOftenItIsMet) {
  EXPECT_THAT(NumbersOf(queries_, {"tent", "Tent", "tent", "TENT", "pole"}), ElementsAre(0, 0, 0, 0, 1));
  EXPECT_THAT(NumbersOf(queries_, {"TENT", "Pole", "tent", "tenT"}), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(NumbersOf(all_, {"Tent", "tent", " Tent"}), ElementsAre(0, 1, 0));
  EXPECT_THAT(NumbersOf(all_, {" Tent", "tent", "Tent"}), ElementsAre(0, 1, 0));
}

TEST_P(StringDictionaryTest, WhatIsLeftOutHasTheNumberOfItsReasonEachTime) {
  for (int time = 0; time < 2; ++time) {
    const std::vector<uint32_t> numbers = NumbersOf(all_, {"a@example.com", "tent", "!?", "b@example.com"});
    EXPECT_THAT(numbers, ElementsAre(DropReasons::kLast, 0, DropReasons::kLast - 1, DropReasons::kLast));
    EXPECT_THAT(numbers[2], Ge(DropReasons::kFirst));
  }
  EXPECT_THAT(reasons_.names(), ElementsAre("e-mail address", "nothing but punctuation"));
}

// A normal form that nobody typed has a number, too, and keeps it when somebody does.
TEST_P(StringDictionaryTest, WhatIsShownAsTypedIsToldFromItsNormalForm) {
  const uint32_t shown = NumbersOf(all_, {"GoPro Hero"}).front();
  const uint32_t normal = NumbersOf(all_, {"gopro hero"}).front();
  EXPECT_NE(shown, normal);
  EXPECT_THAT(NumbersOf(all_, {"gopro hero", "GoPro Hero"}), ElementsAre(normal, shown));
  EventTable table;
  all_.MoveTo(table);
  ASSERT_EQ(table.queries.size(), 1u);
  EXPECT_EQ(table.queries[0].text(), "gopro hero");
  ASSERT_EQ(table.spellings.size(), 2u);
  EXPECT_EQ(table.spellings[0].display, "GoPro Hero");
  EXPECT_EQ(table.spellings[1].display, "gopro hero");
}

TEST_P(StringDictionaryTest, ProductsAreNumberedInTheirOrder) {
  const Fingerprint tent = FingerprintOf("p1"), pole = FingerprintOf("p2");
  EXPECT_EQ(all_.Item(tent), 0u);
  EXPECT_EQ(all_.Item(pole), 1u);
  EXPECT_EQ(all_.Item(tent), 0u);
  EXPECT_FALSE(all_.full());
}

}  // namespace
}  // namespace kindred
