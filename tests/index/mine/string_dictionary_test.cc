#include "index/mine/string_dictionary.h"

#include <atomic>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/parallel_for.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/mine/user_rows.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Pair;

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
  constexpr uint32_t kThreads = 4, kSpellings = 1 << 16;  // The table grows from 256 places to 2^18.
  std::vector<BigReaderLock::Reader*> readers;
  for (uint32_t i = 0; i < kThreads; ++i) readers.push_back(readers_.NewReader());
  const auto raw_of = [](uint32_t i) { return absl::StrCat(i % 2 == 0 ? "Tent " : "tent ", i / 2); };
  std::vector<std::atomic<uint32_t>> numbers(kSpellings);  // As the first thread that knows it has it.
  for (auto& number : numbers) number = FingerprintTable::kNone;
  std::atomic<uint32_t> wrong{0}, of_others{0};
  ParallelFor(kThreads, kThreads, [&](uint32_t, size_t thread) {
    std::mt19937 random(thread);
    for (uint32_t i = 0; i < kSpellings; ++i) {
      const auto check = [&](uint32_t spelling, uint32_t number) {
        uint32_t known = FingerprintTable::kNone;
        if (!numbers[spelling].compare_exchange_strong(known, number)) wrong += known != number;
      };
      const uint32_t own = i * (2 * thread + 1) % kSpellings;  // Each in an order of its own.
      check(own, NumbersOf(queries_, {raw_of(own)}).front());
      const ReadingLock reading(readers[thread]);
      for (int others = 0; others < 4; ++others) {
        const uint32_t spelling = random() % kSpellings, number = TypedNumber(queries_, raw_of(spelling));
        if (number == FingerprintTable::kNone) continue;
        check(spelling, number);
        ++of_others;
      }
    }
  });
  EXPECT_EQ(wrong, 0u);
  EXPECT_GT(of_others, kSpellings);
  for (uint32_t i = 0; i < kSpellings; i += 2) ASSERT_EQ(numbers[i], numbers[i + 1]);
  EventTable table;
  queries_.MoveTo(table);
  EXPECT_EQ(table.spellings.size(), kSpellings / 2);
}

// Most of a log that is grouped by query is of the query before.
TEST_F(StringDictionaryTest, RowsOfOneQueryInARowAreOfItsNumber) {
  EventTableBuilder builder;
  std::vector<SearchEvent> events;
  for (const absl::string_view query : {"tent", "tent", "pole", "tent", "!?", "!?", "pole", "pole", "lamp"}) {
    SearchEvent& event = events.emplace_back();
    event.user = "u";
    event.time_ms = static_cast<int64_t>(events.size());
    event.query = query;
    event.item = query;
  }
  ASSERT_OK(builder.NewShard()->Add(events));
  EXPECT_THAT(builder.dropped(), ElementsAre(Pair("nothing but punctuation", 2)));
  const std::vector<EventTable> tables = builder.Finish();
  std::vector<std::string> rows;
  ASSERT_OK(ForEachUser(tables.at(0), {}, [&](absl::Span<const EventRow> of_user) {
    for (const EventRow& row : of_user) {
      rows.emplace_back(tables[0].queries[row.query].text());
      EXPECT_EQ(tables[0].item_fingerprints[row.item], FingerprintOf(rows.back()));
    }
  }));
  EXPECT_THAT(rows, ElementsAre("tent", "tent", "pole", "tent", "pole", "pole", "lamp"));
}

}  // namespace
}  // namespace kindred
