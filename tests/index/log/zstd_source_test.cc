#include "index/log/zstd_source.h"

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

absl::StatusOr<std::string> FromZstd(const std::string& bytes, size_t raw_bytes_a_read) {
  const auto source = NewZstdSource(NewStringSource(bytes, raw_bytes_a_read), "log");
  return ReadAll(*source);
}

TEST(ZstdSourceTest, RoundTripsWhateverTheSizeOfTheReads) {
  for (const size_t size : {0, 1, 999, 1000, 1001, 300'000}) {
    for (const size_t raw_bytes_a_read : {1, 7, 1 << 20}) {
      EXPECT_EQ(FromZstd(testing::Zstd(SomeText(size)), raw_bytes_a_read).value(), SomeText(size)) << size;
    }
  }
}

TEST(ZstdSourceTest, PiecesOneBehindAnotherAreOneText) {
  const std::string pieces =
      absl::StrCat(testing::Zstd(SomeText(1000)), testing::Zstd(""), testing::Zstd(SomeText(10)));
  for (const size_t raw_bytes_a_read : {1, 1 << 20}) {
    EXPECT_EQ(FromZstd(pieces, raw_bytes_a_read).value(), SomeText(1000) + SomeText(10));
  }
}

TEST(ZstdSourceTest, TruncationAnywhereIsDataLoss) {
  const std::string good = testing::Zstd(SomeText(5000));
  for (size_t length = 0; length < good.size(); ++length) {
    ASSERT_THAT(FromZstd(good.substr(0, length), 64),
                HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: zstd data is truncated")))
        << length;
  }
  EXPECT_THAT(FromZstd(good + good.substr(0, good.size() / 2), 64),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("truncated")));
}

// A frame of one byte that asks for a window of 2^log bytes.
std::string FrameOfWindow(int log) {
  return absl::StrCat(std::string("\x28\xB5\x2F\xFD\0", 5), std::string(1, static_cast<char>((log - 10) << 3)),
                      std::string("\x09\0\0x", 4));
}

TEST(ZstdSourceTest, AWindowOverTheLimitIsNoDamageAndHasARemedy) {
  EXPECT_EQ(FromZstd(FrameOfWindow(27), 64).value(), "x");
  for (const int log : {28, 31}) {
    EXPECT_THAT(FromZstd(FrameOfWindow(log), 64),
                HasStatus(absl::StatusCode::kInvalidArgument,
                          HasSubstr("log: zstd window is over 128 MiB; decompress it and pipe it in: "
                                    "zstd -dc --long=31 FILE | ... --input -")));
  }
}

TEST(ZstdSourceTest, WhatIsBehindTheLastPieceIsDataLoss) {
  EXPECT_THAT(FromZstd(testing::Zstd("x") + "something else", 64),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("log: zstd data is damaged")));
}

}  // namespace
}  // namespace kindred
