#include "index/mine/record_counter.h"

#include <memory>

#include "gtest/gtest.h"

namespace kindred {
namespace {

PairRecord Pair(QueryId a, QueryId b, uint16_t day) {
  return {.a = a,
          .b = b,
          .sessions = 1,
          .sessions_a_first = 1,
          .day = day,
          .a_first = 1,
          .a_next = 0,
          .b_next = 1,
          .continued = 0};
}

TEST(RecordCounterTest, CountsEachKindAndGivesTheRecordsBack) {
  const auto pool = std::make_shared<ChunkPool>(SpillOptions());
  UserRecords records(pool);
  records.pairs = Partitions<PairRecord>(pool, 2);
  records.query_days = Partitions<QueryDay>(pool, 1);
  records.clicks = Partitions<Click>(pool, 1);
  records.item_pairs = Partitions<ItemPair>(pool, 1);
  records.pairs.Append(0, Pair(1, 2, 0));
  records.pairs.Append(0, Pair(1, 2, 1));
  records.pairs.Append(0, Pair(1, 3, 0));
  records.pairs.Append(1, Pair(5, 6, 0));
  records.pairs.Append(1, Pair(5, 6, 0));
  for (const uint32_t day : {0u, 1u, 1u}) records.query_days.Append(0, QueryDay{4, day});
  records.clicks.Append(0, Click{.query = 1, .item = 9, .day = 0});
  records.item_pairs.Append(0, ItemPair{1, 2});
  records.item_pairs.Append(0, ItemPair{1, 2});
  records.item_pairs.Append(0, ItemPair{1, 3});
  const CountedRecords counted = CountRecords(pool, MineOptions(), 1, records);
  ASSERT_EQ(counted.pairs.size(), 2u);
  EXPECT_EQ(counted.pairs[0].a, 1u);
  EXPECT_EQ(counted.pairs[0].users, 2u);
  EXPECT_EQ(counted.pairs[1].a, 5u);
  EXPECT_EQ(counted.distinct_pairs, 3u);
  EXPECT_TRUE(counted.query_users.empty());  // Their sums tell.
  ASSERT_EQ(counted.clicks.size(), 1u);
  EXPECT_EQ(counted.clicks[0].users, 1u);
  ASSERT_EQ(counted.item_pairs.size(), 1u);
  EXPECT_EQ(counted.item_pairs[0].users, 2u);
  EXPECT_EQ(records.pairs.records(0) + records.pairs.records(1), 0u);
}

TEST(RecordCounterTest, DaysMustAgreeWhereTheyAreAskedFor) {
  const auto pool = std::make_shared<ChunkPool>(SpillOptions());
  UserRecords records(pool);
  records.pairs = Partitions<PairRecord>(pool, 1);
  for (int user = 0; user < 20; ++user) records.pairs.Append(0, Pair(1, 2, 3));  // A crowd of one day.
  records.query_days = Partitions<QueryDay>(pool, 1);
  for (const uint32_t day : {0u, 1u, 1u}) records.query_days.Append(0, QueryDay{4, day});
  const CountedRecords counted = CountRecords(pool, MineOptions(), 7, records);
  EXPECT_TRUE(counted.pairs.empty());
  ASSERT_EQ(counted.query_users.size(), 1u);
  EXPECT_EQ(counted.query_users[0].users, 2u);
}

}  // namespace
}  // namespace kindred
