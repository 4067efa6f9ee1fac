#include "index/stage/record_blocks.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::LogBuilder;
using testing::TempDir;

TEST(RecordBlocksTest, PartsAreRunsOfRangesAndShareThem) {
  for (const uint32_t ranges : {1u, 3u, 8u, 100u}) {
    for (const uint32_t parts : {1u, 2u, 7u, 64u}) {
      uint32_t before = 0;
      for (uint32_t range = 0; range < ranges; ++range) {
        const uint32_t part = PartOfRange(range, ranges, parts);
        EXPECT_LT(part, parts);
        EXPECT_GE(part, before);
        before = part;
      }
    }
  }
}

class RecordsOfALog {
 public:
  RecordsOfALog()
      : table(LogBuilder().Search("u", 0, "a").Search("u", 1, "b").Click("u", 2, "c", "p").Table()),
        ranges(table, 1024),
        queries(table, absl::Hours(24), table.last_ms(), 1),
        visitor(table, {}, {}, ranges, &queries) {
    for (uint32_t i = 0; i < EventTable::kUserPartitions; ++i) visitor.Visit(i);
    markets.push_back({.ranges = ranges,
                       .wanted_days = 1,
                       .records = std::move(visitor.records),
                       .queries = queries.QuerySums(),
                       .spellings = queries.SpellingSums()});
  }

  EventTable table;
  RecordRanges ranges;
  QueryCounter queries;
  UserVisitor visitor;
  std::vector<MarketRecords> markets;
};

TEST(RecordBlocksTest, EachRecordIsInOnePart) {
  const TempDir dir;
  const RecordsOfALog log;
  const auto pool = std::make_shared<ChunkPool>(SpillOptions());
  uint64_t all = 0, queries = 0, spellings = 0;
  for (uint32_t part = 0; part < 3; ++part) {
    ASSERT_OK_AND_ASSIGN(const uint64_t written, WriteRecords(dir.File("block"), log.markets, part, 3));
    uint64_t read = 0;
    ASSERT_OK_AND_ASSIGN(const std::vector<PartRecords> markets, ReadRecords({dir.File("block")}, pool, read));
    EXPECT_EQ(read, written);
    all += read;
    queries += markets[0].queries.size();
    spellings += markets[0].spellings.size();
  }
  EXPECT_EQ(all, 3u + 3u + 1u);  // Pairs, first days, a click.
  EXPECT_EQ(queries, 3u);
  EXPECT_EQ(spellings, 3u);
}

TEST(RecordBlocksTest, BlocksOfTwoBuildsDoNotMix) {
  const TempDir dir;
  const RecordsOfALog log;
  const auto pool = std::make_shared<ChunkPool>(SpillOptions());
  ASSERT_OK(WriteRecords(dir.File("a"), log.markets, 0, 1));
  ASSERT_OK(WriteRecords(dir.File("b"), {}, 0, 1));
  uint64_t read = 0;
  EXPECT_THAT(ReadRecords({dir.File("a"), dir.File("b")}, pool, read),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("two builds")));
}

}  // namespace
}  // namespace kindred
