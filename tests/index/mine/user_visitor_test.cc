#include "index/mine/user_visitor.h"

#include <algorithm>

#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"

namespace kindred {
namespace {

using testing::LogBuilder;

TEST(UserVisitorTest, RecordsGoToTheRangesOfTheirQueries) {
  LogBuilder log;
  for (int user = 0; user < 50; ++user) {
    const std::string name = "u" + std::to_string(user);
    log.Search(name, 0, "q" + std::to_string(user % 7)).Click(name, 60, "q" + std::to_string(user % 5), "p");
  }
  const EventTable table = log.Table();
  const RecordRanges ranges(table, 4);
  QueryCounter queries(table, absl::Hours(24), table.last_ms(), 1);
  UserVisitor visitor(table, {}, {}, ranges, &queries);
  for (uint32_t i = 0; i < EventTable::kUserPartitions; ++i) visitor.Visit(i);
  uint64_t days = 0;
  for (uint32_t range = 0; range < ranges.queries.ranges(); ++range) {
    visitor.records.query_days.ForEach(range, [&](absl::Span<const QueryDay> some) {
      for (const QueryDay& day : some) EXPECT_EQ(ranges.queries[day.query], range);
      days += some.size();
    });
  }
  const MineReport report = visitor.report();
  EXPECT_EQ(report.users, 50u);
  EXPECT_EQ(report.clicks, 50u);
  EXPECT_GE(days, 50u);
}

TEST(UserVisitorTest, RangesOfPairsAreBoundByWhatIsAskedFor) {
  const EventTable table = LogBuilder().Search("u", 0, "a").Search("u", 1, "b").Table();
  EXPECT_EQ(RecordRanges(table, 1).pairs.ranges(), 1u);
  ChunkPool pool({.memory_limit_bytes = 64 * ChunkPool::kChunkBytes, .temp_dir = "/tmp"});
  EXPECT_EQ(RecordRanges::MostOf(pool, 2), 16u);
}

}  // namespace
}  // namespace kindred
