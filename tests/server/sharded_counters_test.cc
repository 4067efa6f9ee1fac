#include "server/sharded_counters.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(ShardedCountersTest, SumsWhatEveryThreadAdded) {
  ShardedCounters counters(9);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 40; ++thread) {
      threads.emplace_back([&counters] {
        for (int i = 0; i < 100; ++i) counters.Add(0);
        counters.Add(8, 1000);
      });
    }
  }
  EXPECT_EQ(counters.Sum(0), 4000u);
  EXPECT_EQ(counters.Sum(7), 0u);
  EXPECT_EQ(counters.Sum(8), 40'000u);
}

}  // namespace
}  // namespace kindred
