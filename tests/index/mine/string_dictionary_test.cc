#include "index/mine/string_dictionary.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/parallel_for.h"
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

uint32_t TypedNumber(const StringDictionary& dictionary, const std::string& raw) {
  return dictionary.spellings().Find(FingerprintOf(raw), StringDictionary::kTyped);
}

class StringDictionaryTest : public ::testing::Test {
 protected:
  DropReasons reasons_;
  BigReaderLock readers_;
  StringDictionary all_{TableDetail::kAll, &reasons_, &readers_};
  StringDictionary queries_{TableDetail::kQueries, &reasons_, &readers_};
};

TEST_F(StringDictionaryTest, ASpellingHasOneNumberHoweverOftenItIsMet) {
  EXPECT_THAT(NumbersOf(queries_, {"tent", "Tent", "tent", "TENT", "pole"}), ElementsAre(0, 0, 0, 0, 1));
  EXPECT_THAT(NumbersOf(queries_, {"TENT", "Pole", "tent", "tenT"}), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(NumbersOf(all_, {"Tent", "tent", " Tent"}), ElementsAre(0, 1, 0));
  EXPECT_THAT(NumbersOf(all_, {" Tent", "tent", "Tent"}), ElementsAre(0, 1, 0));
}

TEST_F(StringDictionaryTest, WhatIsLeftOutHasTheNumberOfItsReasonEachTime) {
  for (int time = 0; time < 2; ++time) {
    const std::vector<uint32_t> numbers = NumbersOf(all_, {"a@example.com", "tent", "!?", "b@example.com"});
    EXPECT_THAT(numbers, ElementsAre(DropReasons::kLast, 0, DropReasons::kLast - 1, DropReasons::kLast));
    EXPECT_THAT(numbers[2], Ge(DropReasons::kFirst));
  }
  EXPECT_THAT(reasons_.names(), ElementsAre("e-mail address", "nothing but punctuation"));
}

// A normal form that nobody typed has a number, too, and keeps it when somebody does.
TEST_F(StringDictionaryTest, WhatIsShownAsTypedIsToldFromItsNormalForm) {
  const uint32_t shown = NumbersOf(all_, {"GoPro Hero"}).front();
  EXPECT_EQ(TypedNumber(all_, "GoPro Hero"), shown);
  EXPECT_EQ(TypedNumber(all_, "gopro hero"), FingerprintTable::kNone);
  const uint32_t normal = NumbersOf(all_, {"gopro hero"}).front();
  EXPECT_NE(shown, normal);
  EXPECT_EQ(TypedNumber(all_, "gopro hero"), normal);
  EXPECT_THAT(NumbersOf(all_, {"gopro hero", "GoPro Hero"}), ElementsAre(normal, shown));
  EventTable table;
  all_.MoveTo(table);
  ASSERT_EQ(table.queries.size(), 1u);
  EXPECT_EQ(table.queries[0].text(), "gopro hero");
  ASSERT_EQ(table.spellings.size(), 2u);
  EXPECT_EQ(table.spellings[0].display, "GoPro Hero");
  EXPECT_EQ(table.spellings[1].display, "gopro hero");
}

TEST_F(StringDictionaryTest, ProductsAreNumberedInTheirOrder) {
  const Fingerprint tent = FingerprintOf("p1"), pole = FingerprintOf("p2");
  EXPECT_EQ(all_.Item(tent), 0u);
  EXPECT_EQ(all_.Item(pole), 1u);
  EXPECT_EQ(all_.Item(tent), 0u);
  EXPECT_EQ(all_.items().Find(pole), 1u);
  EXPECT_FALSE(all_.full());
}

TEST_F(StringDictionaryTest, IsReadWhileOthersAddToIt) {
  constexpr uint32_t kThreads = 4, kEach = 20'000;  // Tables grow from 256 places to 2^18.
  std::vector<BigReaderLock::Reader*> readers;
  for (uint32_t i = 0; i < kThreads; ++i) readers.push_back(readers_.NewReader());
  std::atomic<uint32_t> wrong{0};
  ParallelFor(kThreads, kThreads, [&](uint32_t, size_t thread) {
    std::vector<std::pair<std::string, uint32_t>> known;
    for (uint32_t i = 0; i < kEach; ++i) {
      const std::string raw = absl::StrCat(i % 2 == 0 ? "Tent " : "tent ", thread, "x", i);
      known.emplace_back(raw, NumbersOf(queries_, {raw}).front());
      const ReadingLock reading(readers[thread]);
      for (uint32_t back = 1; back <= i + 1; back *= 2) {
        wrong += TypedNumber(queries_, known[i + 1 - back].first) != known[i + 1 - back].second;
      }
    }
  });
  EXPECT_EQ(wrong, 0u);
}

}  // namespace
}  // namespace kindred
