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
using testing::SomeText;

absl::StatusOr<std::string> Gunzipped(const std::string& bytes, size_t raw_bytes_a_read) {
  const auto source = NewGzipSource(NewStringSource(bytes, raw_bytes_a_read), "log");
  return ReadAll(*source);
}

TEST(GzipSourceTest, RoundTripsWhateverTheSizeOfTheReads) {
  for (const size_t size : {0, 1, 999, 1000, 1001, 300'000}) {
    for (const size_t raw_bytes_a_read : {1, 7, 1 << 20}) {
      EXPECT_EQ(Gunzipped(testing::Gzipped(SomeText(size)), raw_bytes_a_read).value(), SomeText(size)) << size;
    }
  }
}

TEST(GzipSourceTest, PiecesOneBehindAnotherAreOneText) {
  const std::string pieces =
      absl::StrCat(testing::Gzipped(SomeText(1000)), testing::Gzipped(""), testing::Gzipped(SomeText(10)));
  for (const size_t raw_bytes_a_read : {1, 1 << 20}) {
    EXPECT_EQ(Gunzipped(pieces, raw_bytes_a_read).value(), SomeText(1000) + SomeText(10));
  }
}

TEST(GzipSourceTest, TruncationAnywhereIsDataLoss) {
  const std::string good = testing::Gzipped(SomeText(5000));
  for (size_t length = 0; length < good.size(); ++length) {
    ASSERT_THAT(Gunzipped(good.substr(0, length), 64),
                HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: gzip data is truncated")))
        << length;
  }
  EXPECT_THAT(Gunzipped(good + good.substr(0, good.size() / 2), 64),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("truncated")));
}

TEST(GzipSourceTest, AFlippedBitIsDataLossOrChangesNothing) {  // Two codes may mean the same text.
  const std::string good = testing::Gzipped(SomeText(300));
  size_t found = 0;
  for (size_t bit = 10 * 8; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    const absl::StatusOr<std::string> text = Gunzipped(bad, 64);
    if (text.ok()) {
      ASSERT_EQ(*text, SomeText(300)) << bit;
    } else {
      ASSERT_THAT(text, HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: gzip data"))) << bit;
      ++found;
    }
  }
  EXPECT_GT(found, (good.size() - 10) * 8 * 9 / 10);
}

TEST(GzipSourceTest, ZerosBehindAPieceArePadding) {
  const std::string zeros(5000, '\0'), piece = testing::Gzipped(SomeText(1000));
  for (const size_t raw_bytes_a_read : {1, 512, 1 << 20}) {
    EXPECT_EQ(Gunzipped(piece + zeros, raw_bytes_a_read).value(), SomeText(1000));
    EXPECT_EQ(Gunzipped(piece + zeros + piece + zeros, raw_bytes_a_read).value(), SomeText(1000) + SomeText(1000));
    EXPECT_THAT(Gunzipped(piece + zeros + "x", raw_bytes_a_read),
                HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: gzip data")));
    EXPECT_THAT(Gunzipped(piece.substr(0, piece.size() - 9) + zeros, raw_bytes_a_read),
                HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: gzip data")));
  }
  EXPECT_THAT(Gunzipped(zeros, 64), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: gzip data")));
}

TEST(GzipSourceTest, WhatIsBehindTheLastPieceIsDataLoss) {
  EXPECT_THAT(Gunzipped(testing::Gzipped("x") + "something else", 64),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: gzip data is damaged")));
}

}  // namespace
}  // namespace kindred
