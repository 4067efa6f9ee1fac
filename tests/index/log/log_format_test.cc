#include "index/log/log_format.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;

TEST(LogFormatTest, NamesOfFormats) {
  EXPECT_EQ(ParseLogFormat("auto").value(), LogFormat::kAuto);
  EXPECT_EQ(ParseLogFormat("tsv").value(), LogFormat::kTsv);
  EXPECT_EQ(ParseLogFormat("csv").value(), LogFormat::kCsv);
  EXPECT_EQ(ParseLogFormat("ndjson").value(), LogFormat::kNdjson);
  EXPECT_EQ(ParseLogFormat("ubi").value(), LogFormat::kUbi);
  EXPECT_THAT(ParseLogFormat("TSV"), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("tsv, csv, ndjson, ubi")));
}

TEST(LogFormatTest, TheNameTellsElseTheFirstBytes) {
  const struct {
    const char *path, *beginning;
    LogFormat want;
  } kCases[] = {
      {"a.tsv", "x,y", LogFormat::kTsv},
      {"a.TSV.GZ", "x,y", LogFormat::kTsv},
      {"a.csv.zst", "x\ty", LogFormat::kCsv},
      {"a.log", "user\ttime, utc\n", LogFormat::kTsv},
      {"-", "user,time\nx\ty", LogFormat::kCsv},
      {"a.ndjson.gz", "{\"query\":\"tent\"}", LogFormat::kNdjson},
      {"a.jsonl", "\n {\"query\":\"tent\",\"query_id\":\"1\"}", LogFormat::kNdjson},
      {"a.ndjson", "{\"index\": {\"_id\": \"1\"}}\n{\"x\":1}", LogFormat::kUbi},
      {"a.ndjson", "{\"create\":{}}\n{\"x\":1}", LogFormat::kUbi},
      {"-", "{\"user_query\": \"tent\", \"query_id\": \"1\"}", LogFormat::kUbi},
      {"-", "{\"action_name\": \"click\", \"query_id\": \"1\"}", LogFormat::kUbi},
  };
  for (const auto& c : kCases) {
    const auto format = DetectFormat(c.path, c.beginning);
    ASSERT_OK(format);
    EXPECT_EQ(static_cast<int>(*format), static_cast<int>(c.want)) << c.path << " " << c.beginning;
  }
}

TEST(LogFormatTest, WhatTellsNothingIsAnError) {
  EXPECT_THAT(DetectFormat("a.log", "hello world\nx,y"),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("--format tsv, csv, ndjson or ubi")));
  EXPECT_THAT(DetectFormat("a.ndjson", " [\n{}]"),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("one object a line")));
}

}  // namespace
}  // namespace kindred
