#include "index/mine/fingerprint.h"

#include <string>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(FingerprintTableTest, KeepsANumberForEachString) {
  FingerprintTable table;
  for (uint32_t i = 0; i < 10'000; ++i) {
    const Fingerprint query = FingerprintOf("query " + std::to_string(i));
    EXPECT_EQ(table.Find(query), FingerprintTable::kNone);
    table.Set(query, i);
  }
  for (uint32_t i = 0; i < 10'000; ++i) EXPECT_EQ(table.Find(FingerprintOf("query " + std::to_string(i))), i);
  EXPECT_EQ(table.size(), 10'000u);
}

// Clusters of every kind, at the table's end too, which go on at its beginning.
TEST(FingerprintTableTest, KeepsAllWhileItGrowsHoweverFingerprintsCollide) {
  for (const uint64_t homes : {1, 3, 100, 5000}) {
    for (const uint64_t first_home : {uint64_t{0}, uint64_t{250}, ~uint64_t{0}}) {
      FingerprintTable table;
      const auto key = [&](uint32_t i) { return Fingerprint{first_home + i % homes * 0x1'0001, 4 * i}; };
      for (uint32_t i = 0; i < 3'000; ++i) {
        table.Set(key(i), i);
        if ((table.size() & (table.size() - 1)) != 0) continue;
        for (uint32_t j = 0; j <= i; ++j) ASSERT_EQ(table.Find(key(j)), j);
      }
      for (uint32_t i = 0; i < 3'000; ++i) ASSERT_EQ(table.Find(key(i)), i);
      EXPECT_EQ(table.Find({first_home, 1'000'000}), FingerprintTable::kNone);
    }
  }
}

TEST(FingerprintTableTest, OfEachKindAStringHasANumber) {
  FingerprintTable table;
  const auto same = [](uint32_t i) { return FingerprintOf("same " + std::to_string(i)); };
  const auto two = [](uint32_t i) { return FingerprintOf("two " + std::to_string(i)); };
  const auto other = [](uint32_t i) { return FingerprintOf("other " + std::to_string(i)); };
  for (uint32_t i = 0; i < 1'000; ++i) {
    table.Set(same(i), i);
    table.Set(two(i), 2 * i, FingerprintTable::kOther);
    table.Set(other(i), i, FingerprintTable::kOther);
    table.Set(same(i), i, FingerprintTable::kOther);
    table.Set(two(i), 2 * i + 1);
  }
  EXPECT_EQ(table.size(), 4'000u);  // That of both kinds counts once.
  for (uint32_t i = 0; i < 1'000; ++i) {
    EXPECT_EQ(table.Find(same(i)), i);
    EXPECT_EQ(table.Find(same(i), FingerprintTable::kOther), i);
    EXPECT_EQ(table.Find(two(i)), 2 * i + 1);
    EXPECT_EQ(table.Find(two(i), FingerprintTable::kOther), 2 * i);
    EXPECT_EQ(table.Find(other(i)), FingerprintTable::kNone);
    EXPECT_EQ(table.Find(other(i), FingerprintTable::kOther), i);
  }
}

TEST(FingerprintTableTest, FindingMakesNoEntry) {
  FingerprintTable table;
  EXPECT_EQ(table.Find(FingerprintOf("tent")), FingerprintTable::kNone);
  EXPECT_EQ(table.size(), 0u);
  table.Set(FingerprintOf("tent"), 7);
  EXPECT_EQ(table.Find(FingerprintOf("tent")), 7u);
  EXPECT_EQ(table.Find(FingerprintOf("tents")), FingerprintTable::kNone);
}

TEST(FingerprintTest, IsTheSameOnEveryMachine) {
  EXPECT_EQ(FingerprintOf("藍牙耳機"), (Fingerprint{4350756101116789661u, 760344438u}));
}

}  // namespace
}  // namespace kindred
