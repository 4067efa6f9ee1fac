#include "common/large_page_allocator.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(LargePageAllocatorTest, VectorsOfAnySizeHoldWhatIsPutIntoThem) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{1000}, size_t{524288}, size_t{1300001}}) {
    LargePageVector<uint32_t> numbers;
    for (size_t i = 0; i < size; ++i) numbers.push_back(static_cast<uint32_t>(i));
    const LargePageVector<uint32_t> copy = numbers;
    ASSERT_EQ(copy.size(), size);
    for (size_t i = 0; i < size; ++i) ASSERT_EQ(copy[i], i);
  }
}

TEST(LargePageAllocatorTest, LargeTablesBeginAtAPage) {
  const LargePageVector<uint32_t> numbers(1 << 20);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(numbers.data()) % (2 << 20), 0u);
}

}  // namespace
}  // namespace kindred
