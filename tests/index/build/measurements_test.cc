#include "index/build/measurements.h"

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/store/index_writer.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::kDay;
using ::kindred::testing::LogBuilder;
using ::kindred::testing::MakeList;
using ::kindred::testing::TempDir;

// A version that knows "tent" -> stove, built from what came up to the start of the logs.
class MeasurementsTest : public ::testing::Test {
 protected:
  std::unique_ptr<Recommender> Version(int64_t last_event_ms) {
    const auto writer = IndexWriter::Create(dir_.File("index")).value();
    EXPECT_TRUE(writer->Add("", NormalizeQuery("tent").value(), MakeList("tent", {"stove"})).ok());
    index::v1::IndexInfo info;
    info.set_version(7);
    info.mutable_log()->set_last_event_ms(last_event_ms);
    EXPECT_TRUE(writer->Finish(std::move(info)).ok());
    return std::make_unique<Recommender>(
        std::shared_ptr<const IndexReader>(IndexReader::Open(dir_.File("index"), {}).value()));
  }

  // A hit on day 1, a miss on day 10, and nothing but a lone search on day 25.
  static LoadedLog Log() {
    LoadedLog log;
    log.markets = LogBuilder()
                      .Search("a", kDay, "tent")
                      .Search("a", kDay + 60, "stove")
                      .Search("b", 10 * kDay, "tent")
                      .Search("b", 10 * kDay + 60, "lamp")
                      .Search("c", 25 * kDay, "tent")
                      .Tables();
    log.first_event_ms = LogBuilder::kStartMs + 24 * 3600 * 1000;
    log.last_event_ms = LogBuilder::kStartMs + int64_t{25} * 24 * 3600 * 1000;
    return log;
  }

  TempDir dir_;
};

TEST_F(MeasurementsTest, EachWeekAfterTheLastTrainedEventIsMeasuredForItself) {
  const auto recommender = Version(LogBuilder::kStartMs);
  ASSERT_OK_AND_ASSIGN(const auto weeks, MeasureVersion(*recommender, Log(), {}));
  ASSERT_EQ(weeks.size(), 2u);
  EXPECT_EQ(weeks[0].version(), 7u);
  EXPECT_NEAR(weeks[0].age_days(), 3.5, .001);
  EXPECT_EQ(weeks[0].trials(), 1u);
  EXPECT_EQ(weeks[0].quality(0).name(), "hit@10");
  EXPECT_EQ(weeks[0].quality(0).value(), 1);
  EXPECT_NEAR(weeks[1].age_days(), 10.5, .001);
  EXPECT_EQ(weeks[1].quality(0).value(), 0);
}

TEST_F(MeasurementsTest, WhatTheVersionWasBuiltFromIsNotAsked) {
  const auto recommender = Version(LogBuilder::kStartMs + int64_t{5} * 24 * 3600 * 1000);
  ASSERT_OK_AND_ASSIGN(const auto weeks, MeasureVersion(*recommender, Log(), {}));
  ASSERT_EQ(weeks.size(), 1u);
  EXPECT_EQ(weeks[0].quality(0).value(), 0);
}

TEST_F(MeasurementsTest, ALogWithNothingLaterIsMeasuredWithoutAnAge) {
  for (const int64_t last_ms : {int64_t{0}, Log().last_event_ms}) {
    const auto recommender = Version(last_ms);
    ASSERT_OK_AND_ASSIGN(const auto all, MeasureVersion(*recommender, Log(), {}));
    ASSERT_EQ(all.size(), 1u);
    EXPECT_FALSE(all[0].has_age_days());
    EXPECT_EQ(all[0].trials(), 2u);
    std::filesystem::remove_all(dir_.File("index"));
  }
}

TEST_F(MeasurementsTest, ALogWithoutPairsIsAnError) {
  const auto recommender = Version(LogBuilder::kStartMs);
  LoadedLog log = Log();
  log.markets = LogBuilder().Search("a", kDay, "tent").Tables();
  EXPECT_THAT(MeasureVersion(*recommender, log, {}), HasStatus(absl::StatusCode::kNotFound, ::testing::_));
}

TEST_F(MeasurementsTest, AreAppendedAndReadBackAndABrokenLineIsPassedOver) {
  ASSERT_OK_AND_ASSIGN(const auto none, ReadMeasurements(dir_.path()));
  EXPECT_TRUE(none.measurements.empty());
  index::v1::Measurement measurement;
  measurement.set_version(1);
  measurement.set_age_days(3.5);
  measurement.add_inputs("日誌.tsv");
  ASSERT_OK(AppendMeasurements(dir_.path(), {measurement}));
  std::ofstream(dir_.File("MEASUREMENTS"), std::ios::app) << "{\"version\": \"2\", \"fro\n";
  measurement.set_version(3);
  ASSERT_OK(AppendMeasurements(dir_.path(), {measurement}));
  ASSERT_OK_AND_ASSIGN(const auto read, ReadMeasurements(dir_.path()));
  EXPECT_EQ(read.bad_lines, 1u);
  ASSERT_EQ(read.measurements.size(), 2u);
  EXPECT_EQ(read.measurements[0].version(), 1u);
  EXPECT_EQ(read.measurements[1].SerializeAsString(), measurement.SerializeAsString());
  EXPECT_FALSE(AppendMeasurements(dir_.File("missing"), {measurement}).ok());
}

TEST_F(MeasurementsTest, TheSameSessionsMeasuredAgainCountOnce) {
  index::v1::Measurement first, other;
  first.set_version(1);
  first.set_from_ms(1000);
  other = first;
  other.set_from_ms(2000);
  ASSERT_OK(AppendMeasurements(dir_.path(), {first, other}));
  first.set_measured_at_ms(5);
  ASSERT_OK(AppendMeasurements(dir_.path(), {first}));
  ASSERT_OK_AND_ASSIGN(const auto read, ReadMeasurements(dir_.path()));
  ASSERT_EQ(read.measurements.size(), 2u);
  EXPECT_EQ(read.measurements[0].measured_at_ms(), 5);
}

TEST_F(MeasurementsTest, ALineThatWasCutShortSwallowsNoOther) {
  index::v1::Measurement measurement;
  measurement.set_version(1);
  dir_.Write("MEASUREMENTS", "{\"version\": \"2\", \"fro");
  ASSERT_OK(AppendMeasurements(dir_.path(), {measurement}));
  ASSERT_OK_AND_ASSIGN(const KeptMeasurements read, ReadMeasurements(dir_.path()));
  EXPECT_EQ(read.measurements.size(), 1u);
  EXPECT_EQ(read.bad_lines, 1u);
}

TEST_F(MeasurementsTest, AWriteThatFallsShortLeavesNothing) {
  index::v1::Measurement measurement;
  measurement.set_version(1);
  ASSERT_OK(AppendMeasurements(dir_.path(), {measurement}));
  const uintmax_t size = std::filesystem::file_size(dir_.File("MEASUREMENTS"));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit short_of_room = {size + 5, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &short_of_room), 0);
  const absl::Status status = AppendMeasurements(dir_.path(), {measurement});
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(status, HasStatus(absl::StatusCode::kResourceExhausted, ::testing::HasSubstr("MEASUREMENTS")));
  EXPECT_EQ(std::filesystem::file_size(dir_.File("MEASUREMENTS")), size);
}

}  // namespace
}  // namespace kindred
