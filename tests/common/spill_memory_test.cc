#include "common/spill_memory.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/file_size_limit.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::FileSizeLimit;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr uint32_t kNumbers = 1 << 20;

// A budget that the process holds already: all but small arrays go to files.
std::shared_ptr<SpillMemory> Tight(const std::string& temp_dir) {
  return std::make_shared<SpillMemory>(SpillMemory::Options{.budget_bytes = 1 << 20, .temp_dir = temp_dir});
}

bool HoldsAll(const SpillVector<uint32_t>& numbers) {
  for (uint32_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] != i) return false;
  }
  return true;
}

uint64_t ResidentMiB() {
  unsigned long long size = 0, resident = 0;
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  EXPECT_EQ(std::fscanf(file, "%llu %llu", &size, &resident), 2);
  std::fclose(file);
  return resident * 4096 >> 20;
}

TEST(SpillMemoryTest, WithinTheBudgetTheHeapGives) {
  for (const uint64_t budget : {UINT64_MAX, uint64_t{1} << 40}) {
    SpillMemory memory({.budget_bytes = budget, .temp_dir = "/nonexistent"});
    EXPECT_EQ(memory.Take(1 << 30), nullptr);
    EXPECT_OK(memory.status());
    EXPECT_EQ(memory.bytes_spilled(), 0u);
  }
}

TEST(SpillMemoryTest, BeyondItArraysLieInFilesWithoutNames) {
  const TempDir dir;
  const auto memory = Tight(dir.path());
  SpillVector<uint32_t> numbers(kNumbers, memory);
  EXPECT_EQ(std::accumulate(numbers.begin(), numbers.end(), uint64_t{0}), 0u);
  std::iota(numbers.begin(), numbers.end(), 0u);
  EXPECT_TRUE(HoldsAll(numbers));
  EXPECT_EQ(memory->bytes_spilled(), kNumbers * sizeof(uint32_t));
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
  const SpillVector<char> small(100, 'a', memory);
  EXPECT_EQ(memory->bytes_spilled(), kNumbers * sizeof(uint32_t)) << "a file for so little";
  EXPECT_OK(memory->status());
}

TEST(SpillMemoryTest, ArraysGrowAreCopiedAndMoved) {
  const TempDir dir;
  const auto memory = Tight(dir.path());
  SpillVector<uint32_t> numbers(memory);
  for (uint32_t i = 0; i < kNumbers; ++i) numbers.push_back(i);
  SpillVector<uint32_t> copy = numbers, moved;
  moved = std::move(numbers);
  EXPECT_TRUE(HoldsAll(copy));
  EXPECT_EQ(moved.size(), kNumbers);
  EXPECT_TRUE(HoldsAll(moved));
  moved = SpillVector<uint32_t>();  // The heap's.
  moved.assign(kNumbers, 1);
  EXPECT_TRUE(HoldsAll(copy));
}

// The pages of files are taken from the process, and come back as they were.
TEST(SpillMemoryTest, WhatIsNotTouchedIsNotHeld) {
  const TempDir dir;
  const auto memory = Tight(dir.path());
  const uint64_t before = ResidentMiB();
  std::vector<SpillVector<uint32_t>> arrays;
  for (int i = 0; i < 4; ++i) {
    arrays.emplace_back(16 * kNumbers, memory);
    std::iota(arrays.back().begin(), arrays.back().end(), 0u);
  }
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (ResidentMiB() > before + 32 && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_LE(ResidentMiB(), before + 32) << "of 256 MiB";
  for (const SpillVector<uint32_t>& array : arrays) EXPECT_TRUE(HoldsAll(array));
}

// However fast it touches pages: the thread that takes them has no turn to wait for.
TEST(SpillMemoryTest, WorkThatAsksKeepsToTheBudget) {
  const TempDir dir;
  const uint64_t budget_mib = ResidentMiB() + 32;
  // The system adds up late what each processor gave the process: a tenth is the promise.
  const uint64_t limit_mib = budget_mib * 11 / 10;
  const auto memory =
      std::make_shared<SpillMemory>(SpillMemory::Options{.budget_bytes = budget_mib << 20, .temp_dir = dir.path()});
  memory->KeepToBudget();
  SpillVector<uint32_t> numbers(32 * kNumbers, memory);
  uint64_t most_mib = 0;
  for (uint32_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = i;
    if (i % kNumbers != 0) continue;
    memory->KeepToBudget();
    most_mib = std::max(most_mib, ResidentMiB());
  }
  EXPECT_LE(most_mib, limit_mib) << "of 128 MiB";
  // Reading what the system holds is faster: with each page come fifteen neighbours.
  uint64_t sum = 0;
  most_mib = 0;
  for (int pass = 0; pass < 5; ++pass) {
    for (size_t i = 0; i < numbers.size(); i += kNumbers / 64) {
      sum += numbers[i];
      if (i % kNumbers != 0) continue;
      memory->KeepToBudget();
      most_mib = std::max(most_mib, ResidentMiB());
    }
  }
  EXPECT_GT(sum, 0u);
  EXPECT_LE(most_mib, limit_mib) << "of 128 MiB";
  memory->TrimHeap();
  EXPECT_TRUE(HoldsAll(numbers));
}

TEST(SpillMemoryTest, ThreadsShareIt) {
  const TempDir dir;
  const auto memory = Tight(dir.path());
  std::vector<std::thread> threads;
  std::vector<uint8_t> right(3);
  for (uint8_t& ok : right) {
    threads.emplace_back([&] {
      ok = 1;
      for (int round = 0; round < 5; ++round) {
        SpillVector<uint32_t> numbers(3 * kNumbers, memory);
        std::iota(numbers.begin(), numbers.end(), 0u);
        if (!HoldsAll(numbers)) ok = 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(right, ::testing::Each(1));
}

TEST(SpillMemoryTest, AFullDiskIsToldAndLosesNothing) {
  const TempDir dir;
  const auto memory = Tight(dir.path());
  SpillVector<uint32_t> numbers(memory);
  {
    const FileSizeLimit limit(1 << 20);
    for (uint32_t i = 0; i < kNumbers; ++i) numbers.push_back(i);
  }
  EXPECT_TRUE(HoldsAll(numbers));
  EXPECT_GT(memory->bytes_spilled(), 0u);
  EXPECT_THAT(std::string(memory->status().message()),
              AllOf(HasSubstr("cannot write a temporary file in " + dir.path()), HasSubstr("--temp_dir")));
}

TEST(SpillMemoryTest, AFolderThatCannotBeWrittenToIsNamed) {
  const auto memory = Tight("/nonexistent/folder");
  const SpillVector<uint32_t> numbers(kNumbers, 7, memory);
  EXPECT_EQ(numbers.back(), 7u);
  EXPECT_EQ(memory->status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(memory->status().message()), HasSubstr("/nonexistent/folder"));
}

}  // namespace
}  // namespace kindred
