#include "index/mine/fingerprint.h"

#include <string>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(FingerprintTableTest, KeepsANumberForEachString) {
  FingerprintTable table;
  for (uint32_t i = 0; i < 10'000; ++i) {
    uint32_t& number = table[FingerprintOf("query " + std::to_string(i))];
    EXPECT_EQ(number, FingerprintTable::kNone);
    number = i;
  }
  for (uint32_t i = 0; i < 10'000; ++i) EXPECT_EQ(table[FingerprintOf("query " + std::to_string(i))], i);
  EXPECT_EQ(table.size(), 10'000u);
}

TEST(FingerprintTableTest, FindingMakesNoEntry) {
  FingerprintTable table;
  EXPECT_EQ(table.Find(FingerprintOf("tent")), FingerprintTable::kNone);
  EXPECT_EQ(table.size(), 0u);
  table[FingerprintOf("tent")] = 7;
  EXPECT_EQ(table.Find(FingerprintOf("tent")), 7u);
  EXPECT_EQ(table.Find(FingerprintOf("tents")), FingerprintTable::kNone);
}

TEST(FingerprintTest, IsTheSameOnEveryMachine) {
  EXPECT_EQ(FingerprintOf("藍牙耳機"), (Fingerprint{4350756101116789661u, 760344438u}));
}

}  // namespace
}  // namespace kindred
