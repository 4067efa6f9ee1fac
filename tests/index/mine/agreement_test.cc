#include "index/mine/agreement.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

// `counts[i]` people on day i.
uint32_t Agreed(const std::vector<int>& counts, uint32_t wanted_days) {
  DayTally tally;
  for (size_t day = 0; day < counts.size(); ++day) {
    for (int i = 0; i < counts[day]; ++i) tally.Add(static_cast<uint32_t>(day));
  }
  return tally.Agreed(wanted_days);
}

TEST(DayTallyTest, ACrowdOfOneDayCountsAsOnePerson) {
  EXPECT_EQ(Agreed({1000}, 7), 1u);
  EXPECT_EQ(Agreed({1000, 1000}, 7), 2u);
  EXPECT_EQ(Agreed({1000, 1, 1, 1}, 7), 4u);
}

TEST(DayTallyTest, EverybodyCountsWhereTheDaysShareThemEvenly) {
  EXPECT_EQ(Agreed({5, 5, 5, 5, 5, 5, 5}, 7), 35u);
  EXPECT_EQ(Agreed({1, 0, 1, 1}, 7), 3u);
  EXPECT_EQ(Agreed({3, 3, 3}, 3), 9u);
  EXPECT_EQ(Agreed({3, 3, 3}, 7), 3u);  // A seventh of 9 is 2, which leaves 6; of 6, 1, which leaves 3.
}

TEST(DayTallyTest, ADayGivesAtMostItsShare) {
  // 40 people over ten days, then 1,000 in one: n people are left where 40 + n / 7 >= n.
  std::vector<int> counts(10, 4);
  counts.push_back(1000);
  EXPECT_EQ(Agreed(counts, 7), 47u);
}

TEST(DayTallyTest, NothingIsAskedOfNobodyOrByOneDay) {
  EXPECT_EQ(Agreed({}, 7), 0u);
  EXPECT_EQ(Agreed({1000}, 1), 1000u);
  EXPECT_EQ(Agreed({1000}, 0), 1000u);
}

TEST(DayTallyTest, IsTheLargestNumberThatKeepsItself) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<int> counts(1 + random() % 12);
    for (int& count : counts) count = static_cast<int>(random() % 4 == 0 ? random() % 40 : random() % 4);
    const uint32_t wanted = 1 + random() % 9;
    const int all = std::accumulate(counts.begin(), counts.end(), 0);
    int largest = 0;
    for (int n = 1; n <= all; ++n) {
      int left = 0;
      for (const int count : counts)
        left += std::min(count, (n + static_cast<int>(wanted) - 1) / static_cast<int>(wanted));
      if (left >= n) largest = n;
    }
    EXPECT_EQ(Agreed(counts, wanted), wanted == 1 ? all : largest);
  }
}

TEST(DayTallyTest, ClearForgetsEverybody) {
  DayTally tally;
  tally.Add(3);
  tally.Add(3);
  tally.Clear();
  tally.Add(3);
  tally.Add(5);
  EXPECT_EQ(tally.Agreed(7), 2u);
}

TEST(WantedDaysTest, AnEighthOfTheLogWithinBounds) {
  EXPECT_EQ(WantedDays(1, 7), 1u);
  EXPECT_EQ(WantedDays(15, 7), 1u);
  EXPECT_EQ(WantedDays(16, 7), 2u);
  EXPECT_EQ(WantedDays(56, 7), 7u);
  EXPECT_EQ(WantedDays(1000, 7), 7u);
  EXPECT_EQ(WantedDays(1000, 1), 1u);
  EXPECT_EQ(WantedDays(1000, 0), 1u);
}

TEST(DayOfTest, CountsUtcDays) {
  EXPECT_EQ(DayOf(0), 0);
  EXPECT_EQ(DayOf(86'399'999), 0);
  EXPECT_EQ(DayOf(86'400'000), 1);
  EXPECT_EQ(DayOf(1'764'000'000'000), 20416);
  EXPECT_EQ(DayOf(-1), 0);
}

}  // namespace
}  // namespace kindred
