#include "server/rate_limit.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

using std::chrono::milliseconds;

constexpr RateLimit::Clock::time_point kStart{std::chrono::hours(1)};

TEST(RateLimitTest, OneAPeriodPassesAndTheOthersAreCounted) {
  RateLimit limit(std::chrono::seconds(1));
  EXPECT_EQ(limit.Pass(kStart), 0);
  EXPECT_EQ(limit.Pass(kStart), std::nullopt);
  EXPECT_EQ(limit.Pass(kStart + milliseconds(999)), std::nullopt);
  EXPECT_EQ(limit.Pass(kStart + milliseconds(1000)), 2);
  EXPECT_EQ(limit.Pass(kStart + milliseconds(1999)), std::nullopt);
  EXPECT_EQ(limit.Pass(kStart + milliseconds(5000)), 1);
}

TEST(RateLimitTest, OfManyThreadsOnePassesAndEveryOtherIsCountedOnce) {
  RateLimit limit(std::chrono::seconds(1));
  std::atomic<int> passed = 0;
  std::atomic<int64_t> told = 0;  // Held back while the first passed, which may tell of them or leave them.
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int event = 0; event < 1000; ++event) {
          const std::optional<int64_t> held_back = limit.Pass(kStart);
          passed += held_back.has_value() ? 1 : 0;
          told += held_back.value_or(0);
        }
      });
    }
  }
  EXPECT_EQ(passed, 1);
  EXPECT_EQ(told + limit.Pass(kStart + std::chrono::seconds(1)).value(), 7999);
}

}  // namespace
}  // namespace kindred
