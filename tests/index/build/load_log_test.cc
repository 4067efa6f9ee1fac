#include "index/build/load_log.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::TempDir;
using ::testing::HasSubstr;

absl::StatusOr<LoadedLog> Load(const std::string& path) {
  Progress progress(Progress::Output::kQuiet);
  LogOptions options;
  options.inputs = {path};
  return LoadLog(options, {}, progress);
}

TEST(LoadLogTest, AccountsForEveryRow) {
  const TempDir dir;
  const std::string path = dir.Write("log.tsv",
                                     "user\ttime\tquery\titem\n"
                                     "u\t2026-01-01T00:00:00Z\ttent\t\n"
                                     "u\t2026-01-03T00:00:00Z\tjane@example.com\t\n"
                                     "v\t2026-01-02T00:00:00Z\tstove\tp1\n");
  ASSERT_OK_AND_ASSIGN(const LoadedLog log, Load(path));
  EXPECT_EQ(log.rows.rows, 3u);
  EXPECT_EQ(log.rows.events, 3u);
  EXPECT_EQ(log.dropped.at("e-mail address"), 1u);
  ASSERT_EQ(log.markets.size(), 1u);
  EXPECT_EQ(log.markets[0].events(), 2u);
  EXPECT_EQ(log.last_event_ms - log.first_event_ms, 2 * 24 * 3600 * 1000);
}

TEST(LoadLogTest, EventsBeforeTheWindowAreCountedAndLeftOut) {
  const TempDir dir;
  LogOptions options;
  options.inputs = {dir.Write("log.tsv",
                              "user\ttime\tquery\n"
                              "u\t2026-01-01T23:59:59Z\ttent\n"
                              "u\t2026-01-02T00:00:00Z\ttent\n"
                              "u\t2026-01-03T00:00:00Z\tstove\n")};
  options.not_before = absl::FromCivil(absl::CivilDay(2026, 1, 2), absl::UTCTimeZone());
  Progress progress(Progress::Output::kQuiet);
  ASSERT_OK_AND_ASSIGN(const LoadedLog log, LoadLog(options, {}, progress));
  EXPECT_EQ(log.rows.rows, 3u);
  EXPECT_EQ(log.dropped.at("before the window"), 1u);
  EXPECT_EQ(log.markets[0].events(), 2u);
  EXPECT_EQ(log.first_event_ms, absl::ToUnixMillis(*options.not_before));
  options.not_before = absl::FromCivil(absl::CivilDay(2026, 1, 4), absl::UTCTimeZone());
  EXPECT_THAT(LoadLog(options, {}, progress),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        HasSubstr("before the window: 3 events; a longer --window takes them")));
}

TEST(LoadLogTest, LogWithoutAUsableSearchIsAnError) {
  const TempDir dir;
  const std::string path = dir.Write("log.tsv", "user\ttime\tquery\nu\t2026-01-01T00:00:00Z\t!!!\n");
  EXPECT_THAT(Load(path), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("nothing but punctuation: 1")));
  EXPECT_THAT(Load(dir.File("none.tsv")), HasStatus(absl::StatusCode::kNotFound, HasSubstr("none.tsv")));
}

}  // namespace
}  // namespace kindred
