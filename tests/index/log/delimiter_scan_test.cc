#include "index/log/delimiter_scan.h"

#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(DelimiterScanTest, BothWaysOfLookingSeeTheSame) {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    char bytes[64];
    const bool any = random() % 2 == 0;
    for (char& byte : bytes) byte = any ? static_cast<char>(random()) : "\t\nx\x8A\x89"[random() % 5];
    const char a = random() % 2 == 0 ? '\t' : static_cast<char>(random());
    const uint64_t found = EitherIn(bytes, a, '\n');
    ASSERT_EQ(found, EitherInPortable(bytes, a, '\n'));
    for (size_t i = 0; i < 64; ++i) ASSERT_EQ((found >> i & 1) != 0, bytes[i] == a || bytes[i] == '\n');
  }
}

TEST(DelimiterScanTest, GoesFromOneToTheNextAndStopsAtTheEnd) {
  std::mt19937 random(2);
  for (int round = 0; round < 5'000; ++round) {
    const size_t size = random() % (round % 10 == 0 ? 5'000 : 300);
    // What stands behind the text must not be found.
    std::string padded(size + LogBlock::kPaddingBytes, '\n');
    const uint32_t rareness = 1 + random() % 100;
    for (size_t i = 0; i < size; ++i) padded[i] = random() % rareness == 0 ? (random() % 2 == 0 ? ',' : '\n') : 'x';
    const absl::string_view text = absl::string_view(padded).substr(0, size);
    DelimiterScan scan(text, ',');
    for (size_t i = 0; i < size; ++i) {
      if (text[i] == 'x') continue;
      ASSERT_EQ(scan.Next(), text.data() + i);
    }
    for (int i = 0; i < 3; ++i) ASSERT_EQ(scan.Next(), text.data() + size);
  }
}

TEST(DelimiterScanTest, FindsEachOfManySideBySide) {
  for (const size_t size : {1023, 1024, 1025, 2048, 5000}) {
    const std::string padded(size + LogBlock::kPaddingBytes, ',');
    const absl::string_view text = absl::string_view(padded).substr(0, size);
    DelimiterScan scan(text, ',');
    for (size_t i = 0; i <= size; ++i) ASSERT_EQ(scan.Next(), text.data() + i) << size;
    ASSERT_EQ(scan.Next(), text.data() + size);
  }
}

}  // namespace
}  // namespace kindred
