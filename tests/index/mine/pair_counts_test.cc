#include "index/mine/pair_counts.h"

#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

PairRecord RecordOf(uint16_t day, uint8_t sessions, bool a_first) {
  return {.a = 3,
          .b = 8,
          .sessions = sessions,
          .sessions_a_first = a_first ? sessions : uint8_t{0},
          .day = day,
          .a_first = a_first,
          .a_next = false,
          .b_next = sessions > 0,
          .continued = false};
}

TEST(PairSummerTest, ACrowdOfOneDayCountsAsOnePersonWhereDaysMustAgree) {
  std::vector<PairRecord> crowd(50, RecordOf(4, 1, true)), people;
  for (uint16_t day = 0; day < 7; ++day) people.push_back(RecordOf(day, 1, true));
  PairSummer summer(1, 7);
  EXPECT_EQ(summer.Sum(crowd).users, 1u);
  EXPECT_EQ(summer.Sum(people), (PairCounts{.a = 3,
                                            .b = 8,
                                            .users = 7,
                                            .session_users = 7,
                                            .sessions = 7,
                                            .sessions_a_first = 7,
                                            .users_a_first = 7,
                                            .users_b_next = 7}));
}

TEST(PairSummerTest, SharesAreKeptAmongThoseWhoCount) {
  std::vector<PairRecord> records;
  for (uint16_t i = 0; i < 40; ++i) records.push_back(RecordOf(i % 2, 1, i % 4 < 2));  // Two days, half a first.
  PairSummer summer(1, 7);
  const PairCounts counts = summer.Sum(records);
  EXPECT_EQ(counts.users, 2u);
  EXPECT_EQ(counts.users_a_first, 1u);
  EXPECT_EQ(counts.users_b_next, 2u);
}

TEST(PairSummerTest, SessionsOfAUserCountUpToTheCap) {
  std::vector<PairRecord> records = {RecordOf(0, 255, true)};
  records.push_back(RecordOf(0, 45, true));
  records.back().continued = true;
  EXPECT_EQ(PairSummer(0, 1).Sum(records).sessions, 300u);
  EXPECT_EQ(PairSummer(0, 1).Sum(records).users, 1u);
  EXPECT_EQ(PairSummer(2, 1).Sum(records).sessions, 2u);
}

}  // namespace
}  // namespace kindred
