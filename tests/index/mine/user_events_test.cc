#include "index/mine/user_events.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "common/spill_memory.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

constexpr uint64_t kUsers = 50;

// Each thread appends one event of every user for each of its times.
Partitions<StoredSearch> Appended(const std::vector<std::vector<int64_t>>& times_of_threads) {
  const auto pool = std::make_shared<ChunkPool>(SpillOptions{});
  Partitions<StoredSearch> all(pool, 1);
  for (const std::vector<int64_t>& times : times_of_threads) {
    Partitions<StoredSearch> of_thread(pool, 1);
    for (const int64_t time_ms : times) {
      for (uint64_t user = 0; user < kUsers; ++user) {
        of_thread.Append(0, StoredSearch::Of(user * 0x0003'0000'0000'0001, time_ms, false, 0));
      }
    }
    all.Merge(std::move(of_thread));
  }
  return all;
}

// Times of the first user; all users must have the same.
std::vector<int64_t> TimesOfAll(const Partitions<StoredSearch>& searches, const TimeWindow& window = {}) {
  UserEvents<StoredSearch> events(std::make_shared<SpillMemory>(SpillMemory::Options{}));
  events.Load(searches, 0, window);
  std::vector<int64_t> first;
  size_t users = 0;
  for (auto of_user = events.Next(); !of_user.empty(); of_user = events.Next()) {
    std::vector<int64_t> times;
    for (const StoredSearch& search : of_user) times.push_back(TimeMs(search));
    if (users++ == 0) first = times;
    EXPECT_EQ(times, first);
  }
  EXPECT_EQ(users, first.empty() ? 0 : kUsers);
  return first;
}

TEST(UserEventsTest, WhatThreadsReadInOrderOfTimeIsInOneOrder) {
  EXPECT_EQ(TimesOfAll(Appended({{1, 4, 9}})), (std::vector<int64_t>{1, 4, 9}));
  EXPECT_EQ(TimesOfAll(Appended({{1, 4, 9}, {2, 3, 10}})), (std::vector<int64_t>{1, 2, 3, 4, 9, 10}));
  EXPECT_EQ(TimesOfAll(Appended({{5, 6}, {1, 4, 9}, {2, 3, 10}})), (std::vector<int64_t>{1, 2, 3, 4, 5, 6, 9, 10}));
  EXPECT_EQ(TimesOfAll(Appended({{3, 7}, {3, 7}, {5}})), (std::vector<int64_t>{3, 3, 5, 7, 7}));
}

TEST(UserEventsTest, ARunGoesOnFromChunkToChunk) {
  std::vector<int64_t> even, odd, all;
  for (int64_t i = 0; i < 400; ++i) (i % 2 == 0 ? even : odd).push_back(i);
  for (int64_t i = 0; i < 400; ++i) all.push_back(i);
  ASSERT_GT(even.size() * kUsers * sizeof(StoredSearch), 2 * ChunkPool::kChunkBytes);
  EXPECT_EQ(TimesOfAll(Appended({even, odd})), all);
}

TEST(UserEventsTest, AThreadMayHaveReadNothingOfTheWindow) {
  const Partitions<StoredSearch> searches = Appended({{5, 6}, {1, 2}, {1, 7}, {0}});
  EXPECT_EQ(TimesOfAll(searches, {5, 8}), (std::vector<int64_t>{5, 6, 7}));
  EXPECT_EQ(TimesOfAll(searches, {8, 9}), std::vector<int64_t>());
}

TEST(UserEventsTest, ALogInNoOrderLosesNothing) {
  for (const int64_t last_ms : {50, 150}) {  // Of half as many runs as threads, and of more than are merged.
    std::vector<std::vector<int64_t>> threads;
    for (int64_t i = 0; i < 100; ++i) threads.push_back({100 - i, 200 + i % 7 * 31, last_ms});
    EXPECT_EQ(TimesOfAll(Appended(threads)).size(), 300u);
  }
}

}  // namespace
}  // namespace kindred
