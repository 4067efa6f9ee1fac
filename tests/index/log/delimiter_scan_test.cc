#include "index/log/delimiter_scan.h"

#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

std::vector<uint16_t> PlacesBy(FindPlaces find, const std::string& padded, size_t bytes, char delimiter) {
  std::vector<uint16_t> places(bytes + kSparePlaces);
  places.resize(find(padded.data(), bytes, delimiter, '\n', places.data()));
  return places;
}

TEST(DelimiterScanTest, EveryWayOfLookingSeesTheSame) {
  std::mt19937 random(1);
  for (int round = 0; round < 5'000; ++round) {
    const size_t bytes = random() % 300;
    std::string padded(bytes + 64, '\n');
    // Every byte, few delimiters, nothing else, or what differs from them by a bit.
    const uint32_t kind = random() % 4;
    for (char& byte : padded) {
      byte = kind == 0   ? static_cast<char>(random())
             : kind == 1 ? "\t\nx\x8A\x89"[random() % 5]
             : kind == 2 ? "\t\n"[random() % 2]
                         : "\x08\x0B\x01\x00\xFF\x7F\x80\t"[random() % 8];
    }
    const char delimiter = random() % 2 == 0 ? '\t' : static_cast<char>(random());
    std::vector<uint16_t> want;
    for (size_t i = 0; i < bytes; ++i) {
      if (padded[i] == delimiter || padded[i] == '\n') want.push_back(static_cast<uint16_t>(i));
    }
    for (const FindPlaces find : AllFindPlaces()) ASSERT_EQ(PlacesBy(find, padded, bytes, delimiter), want);
  }
}

TEST(DelimiterScanTest, GoesFromOneToTheNextAndStopsAtTheEnd) {
  std::mt19937 random(2);
  for (int round = 0; round < 5'000; ++round) {
    const size_t size = random() % (round % 10 == 0 ? 10'000 : 300);
    // What stands behind the text must not be found.
    std::string padded(size + LogBlock::kPaddingBytes, '\n');
    const uint32_t rareness = 1 + random() % 100;
    for (size_t i = 0; i < size; ++i) padded[i] = random() % rareness == 0 ? (random() % 2 == 0 ? ',' : '\n') : 'x';
    const absl::string_view text = absl::string_view(padded).substr(0, size);
    DelimiterScan scan(text, ',');
    for (size_t i = 0; i < size; ++i) {
      if (text[i] == 'x') continue;
      if (!scan.Found().empty()) {
        ASSERT_EQ(scan.begin() + scan.Found().front(), text.data() + i);
      }
      if (scan.Found().size() > 1 && random() % 2 == 0) {
        scan.Skip(1);
      } else {
        ASSERT_EQ(scan.Next(), text.data() + i);
      }
    }
    for (int i = 0; i < 3; ++i) ASSERT_EQ(scan.Next(), text.data() + size);
  }
}

TEST(DelimiterScanTest, FindsEachOfManySideBySide) {
  for (const size_t size : {63, 64, 65, 4095, 4096, 4097, 8192, 10'000}) {
    const std::string padded(size + LogBlock::kPaddingBytes, ',');
    const absl::string_view text = absl::string_view(padded).substr(0, size);
    DelimiterScan scan(text, ',');
    for (size_t i = 0; i <= size; ++i) ASSERT_EQ(scan.Next(), text.data() + i) << size;
    ASSERT_EQ(scan.Next(), text.data() + size);
  }
}

}  // namespace
}  // namespace kindred
