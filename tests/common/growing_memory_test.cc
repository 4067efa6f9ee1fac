#include "common/growing_memory.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <utility>

#include "common/parallel_for.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

// Whether one line of the process's mappings holds all of it.
bool IsOneMapping(const GrowingMemory& memory) {
  const auto begin = reinterpret_cast<uintptr_t>(memory.data()), end = begin + memory.bytes();
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    uintptr_t from = 0, to = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx", &from, &to) == 2 && from <= begin && end <= to) return true;
  }
  return false;
}

// Most kernels do not move what lies in two.
TEST(GrowingMemoryTest, StaysOneMapping) {
  GrowingMemory memory;
  for (size_t bytes = 4096; bytes <= size_t{32} << 20; bytes *= 2) {
    memory.Grow(bytes);
    memory.data()[bytes / 2] = 'x';
    EXPECT_TRUE(IsOneMapping(memory)) << bytes;
  }
}

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
  constexpr uint32_t kFull = 1 << 20;  // Of four megabytes all are taken.
  for (uint32_t i = 0; i < kFull; ++i) numbers.push_back(i);
  numbers.push_back(numbers[7]);
  ASSERT_EQ(numbers.size(), kFull + 1);
  for (uint32_t i = 0; i < kFull; ++i) ASSERT_EQ(numbers[i], i);
  EXPECT_EQ(numbers[kFull], 7u);
  numbers.GrowTo(3'000'000);
  EXPECT_EQ(numbers[kFull], 7u);
  EXPECT_TRUE(std::all_of(numbers.begin() + kFull + 1, numbers.end(), [](uint32_t i) { return i == 0; }));
  GrowingVector<uint32_t> moved = std::move(numbers);
  EXPECT_EQ(moved.size(), 3'000'000u);
  moved = {};
  EXPECT_EQ(moved.size(), 0u);
}

// For ThreadSanitizer: addresses go from one thread to another without either knowing.
TEST(GrowingVectorTest, OfEachThreadIsItsOwn) {
  constexpr uint32_t kThreads = 4;
  ParallelFor(kThreads, 200, [](uint32_t, size_t job) {
    GrowingVector<uint64_t> numbers, thirds;
    const uint64_t last = 5'000 * (1 + job % 11);
    for (uint64_t i = 0; i <= last; ++i) {
      numbers.push_back(i);
      if (i % 3 == 0) thirds.push_back(i);
    }
    EXPECT_EQ(numbers[last], last);
    EXPECT_EQ(thirds[last / 3], last / 3 * 3);
  });
}

}  // namespace
}  // namespace kindred
