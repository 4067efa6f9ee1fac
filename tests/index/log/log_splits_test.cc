#include "index/log/log_splits.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/random_log.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using testing::HasStatus;
using ::testing::HasSubstr;
using testing::TempDir;

std::vector<std::string> Events(const LogOptions& options, uint64_t& rows) {
  const auto reader = EventReader::Open(options);
  EXPECT_OK(reader);
  std::vector<std::string> events;
  while (true) {
    const auto event = (*reader)->Next();
    EXPECT_OK(event);
    if (!event->has_value()) break;
    events.push_back(absl::StrCat((*event)->user, " ", (*event)->time_ms, " ", (*event)->query, " ", (*event)->item));
  }
  rows += (*reader)->report().rows;
  return events;
}

TEST(LogSplitsTest, PartsGiveTheEventsOfTheWhole) {
  const TempDir dir;
  LogOptions options;
  options.max_bad_rows = 1;
  options.inputs = {testing::WriteRandomLog(dir.File("log.tsv"), 7, 300)};
  uint64_t rows = 0;
  const std::vector<std::string> whole = Events(options, rows);
  for (const uint64_t split_bytes : {1u, 20u, 1000u, 1u << 30}) {
    ASSERT_OK_AND_ASSIGN(const std::vector<LogSplit> splits, PlanSplits(options, split_bytes));
    std::vector<std::string> all;
    uint64_t rows_of_parts = 0;
    for (const LogSplit& split : splits) {
      EXPECT_THAT(split.inputs, ElementsAre(0u));
      LogOptions part = options;
      part.range = split.range;
      for (std::string& event : Events(part, rows_of_parts)) all.push_back(std::move(event));
    }
    EXPECT_EQ(all, whole) << split_bytes;
    EXPECT_EQ(rows_of_parts, rows);
  }
}

TEST(LogSplitsTest, ExamplesOfBadRowsTellWhereTheirPartBegins) {
  const TempDir dir;
  LogOptions options;
  options.max_bad_rows = 1;
  options.inputs = {dir.Write("log.tsv", "user\ttime\tquery\nu\t1700000000\ttent\nv\tnever\tboots\n")};
  options.range = ByteRange{20, UINT64_MAX};
  ASSERT_OK_AND_ASSIGN(const auto reader, EventReader::Open(options));
  EXPECT_FALSE(reader->Next().value().has_value());
  const RowExample& example = reader->report().bad.begin()->second.first;
  EXPECT_EQ(example.file, dir.File("log.tsv") + " from byte 20");
  EXPECT_EQ(example.line, 1u);
}

TEST(LogSplitsTest, WhatCannotBeCutIsOnePart) {
  const TempDir dir;
  const std::string rows = "user,time,query\nu,1700000000,\"tent\npegs\"\n";
  const std::string ubi = R"({"query_id":"q","user_query":"tent","client_id":"u","timestamp":"2023-11-14T22:13:20Z"})";
  LogOptions options;
  options.inputs = {dir.Write("a.csv", rows), dir.Write("b.ndjson", ubi + "\n"),
                    dir.Write("c.tsv", "u\t1700000000\tx\n"), dir.Write("d.ndjson", ubi + "\n")};
  options.inputs[2] = dir.Write("c.tsv", "user\ttime\tquery\nu\t1700000000\tx\nu\t1700000001\ty\n");
  ASSERT_OK_AND_ASSIGN(const std::vector<LogSplit> splits, PlanSplits(options, 30));
  ASSERT_EQ(splits.size(), 4u);
  for (const size_t part : {0, 1}) {
    EXPECT_THAT(splits[part].inputs, ElementsAre(2u));
    EXPECT_TRUE(splits[part].range.has_value());
  }
  EXPECT_THAT(splits[2].inputs, ElementsAre(0u));
  EXPECT_FALSE(splits[2].range.has_value());
  EXPECT_THAT(splits[3].inputs, ElementsAre(1u, 3u));  // Searches and clicks meet.
}

TEST(LogSplitsTest, SmallFilesAreReadTogether) {
  const TempDir dir;
  const std::string row = "user\ttime\tquery\nu\t1700000000\ttent\n";
  LogOptions options;
  for (int i = 0; i < 7; ++i) options.inputs.push_back(dir.Write(absl::StrCat(i, ".tsv"), row));
  options.inputs[5] = dir.Write("5.csv", "user,time,query\nu,1700000000,tent\n");
  ASSERT_OK_AND_ASSIGN(const std::vector<LogSplit> splits, PlanSplits(options, 3 * row.size()));
  ASSERT_EQ(splits.size(), 3u);
  EXPECT_THAT(splits[0].inputs, ElementsAre(0u, 1u, 2u));
  EXPECT_THAT(splits[1].inputs, ElementsAre(3u, 4u, 5u));
  EXPECT_THAT(splits[2].inputs, ElementsAre(6u));
  for (const LogSplit& split : splits) EXPECT_FALSE(split.range.has_value());
}

TEST(LogSplitsTest, StandardInputAndAFileThatIsNoLogAreRefused) {
  const TempDir dir;
  LogOptions options;
  options.inputs = {"-"};
  EXPECT_THAT(PlanSplits(options, 1), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("standard input")));
  options.inputs = {dir.Write("log.tsv", "what\tis\tthis\n1\t2\t3\n")};
  EXPECT_THAT(PlanSplits(options, 1), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("log.tsv")));
}

}  // namespace
}  // namespace kindred
