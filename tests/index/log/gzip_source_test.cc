#include "index/log/gzip_source.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/log/log_testing.h"
#include "tests/index/log/string_source.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::NewStringSource;
using testing::ReadAll;

std::string Text(size_t bytes) {
  std::string text;
  for (uint32_t i = 0; text.size() < bytes; ++i) absl::StrAppend(&text, i * i % 1009, " ");
  text.resize(bytes);
  return text;
}

absl::StatusOr<std::string> Decompressed(const std::string& bytes, size_t raw_bytes_a_read) {
  const auto source = NewGzipSource(NewStringSource(bytes, raw_bytes_a_read), "log");
  return ReadAll(*source);
}

TEST(GzipSourceTest, RoundTripsWhateverTheSizeOfTheReads) {
  for (const size_t size : {0, 1, 999, 1000, 1001, 300'000}) {
    for (const size_t raw_bytes_a_read : {1, 7, 1 << 20}) {
      EXPECT_EQ(Decompressed(testing::Gzipped(Text(size)), raw_bytes_a_read).value(), Text(size)) << size;
    }
  }
}

TEST(GzipSourceTest, PiecesOneBehindAnotherAreOneText) {
  const std::string pieces =
      absl::StrCat(testing::Gzipped(Text(1000)), testing::Gzipped(""), testing::Gzipped(Text(10)));
  for (const size_t raw_bytes_a_read : {1, 1 << 20}) {
    EXPECT_EQ(Decompressed(pieces, raw_bytes_a_read).value(), Text(1000) + Text(10));
  }
}

TEST(GzipSourceTest, TruncationAnywhereIsDataLoss) {
  const std::string good = testing::Gzipped(Text(5000));
  for (size_t length = 0; length < good.size(); ++length) {
    ASSERT_THAT(Decompressed(good.substr(0, length), 64),
                HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: gzip data is truncated")))
        << length;
  }
  EXPECT_THAT(Decompressed(good + good.substr(0, good.size() / 2), 64),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("truncated")));
}

TEST(GzipSourceTest, AFlippedBitIsDataLossOrChangesNothing) {  // Two codes may mean the same text.
  const std::string good = testing::Gzipped(Text(300));
  size_t found = 0;
  for (size_t bit = 10 * 8; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    const absl::StatusOr<std::string> text = Decompressed(bad, 64);
    if (text.ok()) {
      ASSERT_EQ(*text, Text(300)) << bit;
    } else {
      ASSERT_THAT(text, HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: gzip data"))) << bit;
      ++found;
    }
  }
  EXPECT_GT(found, (good.size() - 10) * 8 * 9 / 10);
}

TEST(GzipSourceTest, ZerosBehindAPieceArePadding) {
  const std::string zeros(5000, '\0'), piece = testing::Gzipped(Text(1000));
  for (const size_t raw_bytes_a_read : {1, 512, 1 << 20}) {
    EXPECT_EQ(Decompressed(piece + zeros, raw_bytes_a_read).value(), Text(1000));
    EXPECT_EQ(Decompressed(piece + zeros + piece + zeros, raw_bytes_a_read).value(), Text(1000) + Text(1000));
    EXPECT_THAT(Decompressed(piece + zeros + "x", raw_bytes_a_read),
                HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: gzip data")));
    EXPECT_THAT(Decompressed(piece.substr(0, piece.size() - 9) + zeros, raw_bytes_a_read),
                HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: gzip data")));
  }
  EXPECT_THAT(Decompressed(zeros, 64), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: gzip data")));
}

TEST(GzipSourceTest, WhatIsBehindTheLastPieceIsDataLoss) {
  EXPECT_THAT(Decompressed(testing::Gzipped("x") + "something else", 64),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: gzip data is damaged")));
}

}  // namespace
}  // namespace kindred
