#include "common/growing_memory.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(GrowingMemoryTest, KeepsWhatItHeldAndIsZeroBehindIt) {
  GrowingMemory memory;
  EXPECT_EQ(memory.bytes(), 0u);
  size_t written = 0;
  for (const size_t bytes : {size_t{1}, size_t{5000}, size_t{1} << 20, size_t{3} << 20, (size_t{7} << 20) + 1}) {
    memory.Grow(bytes);
    ASSERT_GE(memory.bytes(), bytes);
    char* const data = memory.data();
    EXPECT_TRUE(std::all_of(data, data + written, [](char c) { return c == 'x'; })) << bytes;
    EXPECT_TRUE(std::all_of(data + written, data + memory.bytes(), [](char c) { return c == 0; })) << bytes;
    written = memory.bytes();
    std::fill_n(data, written, 'x');
  }
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory.data()) % (2 << 20), 0u);
  const char* const data = memory.data();
  GrowingMemory moved = std::move(memory);
  EXPECT_EQ(moved.data(), data);
  moved = {};
  EXPECT_EQ(moved.bytes(), 0u);
}

TEST(GrowingVectorTest, HoldsWhatIsPutIntoIt) {
  GrowingVector<uint32_t> numbers;
  for (uint32_t i = 0; i < 1'300'001; ++i) numbers.push_back(i);
  ASSERT_EQ(numbers.size(), 1'300'001u);
  for (uint32_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(numbers[i], i);
  numbers.push_back(numbers[7]);
  EXPECT_EQ(*(numbers.end() - 1), 7u);
  numbers.GrowTo(2'000'000);
  EXPECT_EQ(numbers[1'300'001], 7u);
  EXPECT_TRUE(std::all_of(numbers.begin() + 1'300'002, numbers.end(), [](uint32_t i) { return i == 0; }));
}

}  // namespace
}  // namespace kindred
