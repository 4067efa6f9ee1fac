#include "index/mine/partitions.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;

struct Number {
  uint32_t value, other, third;
};

// Sorted.
std::vector<uint32_t> Values(const Partitions<Number>& partitions, uint32_t partition) {
  std::vector<uint32_t> values;
  partitions.ForEach(partition, [&](absl::Span<const Number> numbers) {
    for (const Number& number : numbers) values.push_back(number.value);
  });
  std::sort(values.begin(), values.end());
  return values;
}

TEST(PartitionsTest, KeepsEveryRecordInMemoryAndOnDisk) {
  for (const size_t limit : {size_t{0}, 3 * ChunkPool::kChunkBytes, SIZE_MAX}) {
    const auto pool = std::make_shared<ChunkPool>(SpillOptions{.memory_limit_bytes = limit});
    Partitions<Number> partitions(pool, 3);
    std::vector<std::vector<uint32_t>> want(3);
    for (uint32_t i = 0; i < 100'000; ++i) {
      const uint32_t partition = i % 7 % 3;
      partitions.Append(partition, {i, 0, 0});
      want[partition].push_back(i);
    }
    for (uint32_t partition = 0; partition < 3; ++partition) {
      EXPECT_EQ(partitions.records(partition), want[partition].size());
      EXPECT_EQ(Values(partitions, partition), want[partition]);
    }
    EXPECT_EQ(pool->bytes_written() > 0, limit != SIZE_MAX);
    EXPECT_OK(pool->status());
  }
}

TEST(PartitionsTest, ManyAppendedInOneGoAreAsOneByOne) {
  const auto pool = std::make_shared<ChunkPool>(SpillOptions{.memory_limit_bytes = ChunkPool::kChunkBytes});
  Partitions<Number> partitions(pool, 2);
  std::vector<Number> numbers;
  std::vector<uint32_t> want;
  for (uint32_t i = 0; i < 5'000; ++i) {
    numbers.push_back({i, 0, 0});
    for (int both = 0; both < 2; ++both) want.push_back(i);
  }
  for (size_t begin = 0, size = 0; begin < numbers.size(); begin += size) {
    size = std::min(numbers.size() - begin, begin + 1);  // Less than a chunk holds, and more.
    const auto some = absl::MakeConstSpan(numbers).subspan(begin, size);
    partitions.Append(1, some);
    for (const Number& number : some) partitions.Append(1, number);
  }
  EXPECT_THAT(Values(partitions, 0), ElementsAre());
  EXPECT_EQ(Values(partitions, 1), want);
}

// What waits to be written with others may be cleared, and its partition be filled again, before it is.
TEST(PartitionsTest, APartitionThatIsClearedAndFilledAgainIsWrittenOnce) {
  constexpr uint32_t kFull = ChunkPool::kChunkBytes / sizeof(Number) + 1;
  const auto pool = std::make_shared<ChunkPool>(SpillOptions{.memory_limit_bytes = 0});
  Partitions<Number> partitions(pool, 2);
  std::vector<uint32_t> want;
  for (int round = 0; round < 3; ++round) {
    partitions.Clear(0);
    want.clear();
    for (uint32_t i = 0; i < kFull; ++i) {
      partitions.Append(0, {i, 0, 0});
      want.push_back(i);
    }
  }
  std::vector<uint32_t> others;
  for (uint32_t i = 0; i < 40 * kFull; ++i) {
    partitions.Append(1, {i, 0, 0});
    others.push_back(i);
  }
  EXPECT_EQ(Values(partitions, 0), want);
  EXPECT_EQ(Values(partitions, 1), others);
  EXPECT_GE(pool->bytes_written(), 30 * ChunkPool::kChunkBytes);
  std::vector<char*> chunks;
  for (int i = 0; i < 200; ++i) EXPECT_NE(chunks.emplace_back(pool->Take()), nullptr);
  for (char* const chunk : chunks) pool->Give(chunk);
}

TEST(PartitionsTest, MergeLeavesNoFullChunkInMemoryThatWaitsForOthers) {
  const auto pool = std::make_shared<ChunkPool>(SpillOptions{.memory_limit_bytes = 0});
  Partitions<Number> first(pool, 1), second(pool, 1);
  for (uint32_t i = 0; i < 3 * (ChunkPool::kChunkBytes / sizeof(Number)) + 1; ++i) second.Append(0, {i, 0, 0});
  first.Merge(std::move(second));
  EXPECT_EQ(pool->bytes_written(), 3 * ChunkPool::kChunkBytes);
}

TEST(PartitionsTest, MergeTakesOverEveryRecord) {
  const auto pool = std::make_shared<ChunkPool>(SpillOptions{});
  Partitions<Number> first(pool, 2), second(pool, 2);
  first.Append(0, {1, 0, 0});
  second.Append(0, {2, 0, 0});
  second.Append(1, {3, 0, 0});
  first.Merge(std::move(second));
  first.Append(0, {4, 0, 0});
  EXPECT_THAT(Values(first, 0), ElementsAre(1, 2, 4));
  EXPECT_THAT(Values(first, 1), ElementsAre(3));
}

TEST(PartitionsTest, ClearGivesMemoryBack) {
  const auto pool = std::make_shared<ChunkPool>(SpillOptions{.memory_limit_bytes = ChunkPool::kChunkBytes});
  Partitions<Number> partitions(pool, 1);
  for (uint32_t i = 0; i < 5'000; ++i) partitions.Append(0, {i, 0, 0});
  EXPECT_TRUE(pool->full());
  partitions.Clear(0);
  EXPECT_FALSE(pool->full());
  EXPECT_EQ(partitions.records(0), 0u);
}

}  // namespace
}  // namespace kindred
