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

TEST(FingerprintTest, IsTheSameOnEveryMachine) {
  EXPECT_EQ(FingerprintOf("藍牙耳機"), (Fingerprint{4350756101116789661u, 760344438u}));
}

}  // namespace
}  // namespace kindred
