#include "index/log/log_block.h"

#include <cstring>
#include <string>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(LogBlockTest, GrowsKeepingItsTextAndItsPadding) {
  LogBlock block;
  std::string want;
  for (const size_t bytes : {1, 0, 63, 64, 100'000, 3}) {
    const std::string piece(bytes, static_cast<char>('a' + bytes % 26));
    const absl::Span<char> room = block.Room(bytes + 10);
    ASSERT_GE(room.size(), bytes);
    std::memcpy(room.data(), piece.data(), bytes);
    block.Grow(bytes);
    want += piece;
    ASSERT_EQ(block.text(), want);
    for (size_t i = 0; i < LogBlock::kPaddingBytes; ++i) ASSERT_EQ(block.text().data()[want.size() + i], '\0');
  }
  block.SetRecords(10);
  EXPECT_EQ(block.records_bytes(), 10u);
  block.Clear();
  EXPECT_EQ(block.text(), "");
  EXPECT_EQ(block.records_bytes(), 0u);
}

}  // namespace
}  // namespace kindred
