#include "index/log/block_buffer.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/index/log/string_source.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using testing::NewStringSource;

std::string Text(const BlockBuffer& buffer) { return std::string(buffer.data().data(), buffer.data().size()); }

TEST(BlockBufferTest, KeepsWhatIsNotTakenInFrontOfWhatIsRead) {
  BlockBuffer buffer(NewStringSource("abcdefgh", 3));
  EXPECT_EQ(Text(buffer), "");
  EXPECT_TRUE(buffer.Fill().value());
  EXPECT_EQ(Text(buffer), "abc");
  buffer.Take(2);
  EXPECT_TRUE(buffer.Fill().value());
  EXPECT_EQ(Text(buffer), "cdef");
  EXPECT_EQ(buffer.raw_bytes_read(), 6u);
  EXPECT_TRUE(buffer.Fill().value());
  EXPECT_FALSE(buffer.Fill().value());
  EXPECT_EQ(Text(buffer), "cdefgh");
}

TEST(BlockBufferTest, HoldsTheLongestRecordAndStillFills) {
  BlockBuffer buffer(NewStringSource(std::string(kMaxRecordBytes + 10, 'x'), kMaxRecordBytes));
  while (buffer.data().size() <= kMaxRecordBytes) ASSERT_TRUE(buffer.Fill().value());
  EXPECT_GT(buffer.data().size(), kMaxRecordBytes);
}

TEST(BlockBufferTest, FillToStopsAtTheEnd) {
  BlockBuffer buffer(NewStringSource("abcdefgh", 1));
  ASSERT_OK(buffer.FillTo(5));
  EXPECT_EQ(Text(buffer), "abcde");
  ASSERT_OK(buffer.FillTo(100));
  EXPECT_EQ(Text(buffer), "abcdefgh");
}

}  // namespace
}  // namespace kindred
