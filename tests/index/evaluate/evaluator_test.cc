#include "index/evaluate/evaluator.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "common/machine_limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/peak_memory.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::ForgetPeak;
using ::kindred::testing::HasStatus;
using ::kindred::testing::kDay;
using ::kindred::testing::LogBuilder;
using ::kindred::testing::TempDir;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Ten days on which people search a tent, then a stove; and everybody searches the lamp on its own.
std::vector<EventTable> Camping() {
  LogBuilder log;
  for (int day = 0; day < 10; ++day) {
    const std::string suffix = std::to_string(day);
    log.Search("camper" + suffix, day * kDay, "tent").Search("camper" + suffix, day * kDay + 60, "stove");
    for (int i = 0; i < 5; ++i) log.Search("reader" + suffix + std::to_string(i), day * kDay, "lamp");
  }
  log.Search("late", 9 * kDay + 500, "hammock").Search("late", 9 * kDay + 560, "lamp");
  return log.Tables();
}

absl::Time Day(int day) { return absl::FromUnixMillis(LogBuilder::kStartMs) + absl::Hours(24 * day) - absl::Hours(1); }

EvaluateOptions Options(std::vector<absl::Time> cuts) {
  EvaluateOptions options;
  options.cuts = std::move(cuts);
  return options;
}

TEST(EvaluatorTest, PerfectPredictionHitsAndBaselinesAreOnTheSamePairs) {
  EvaluateOptions options = Options({Day(5), Day(9)});
  std::vector<double> shares;
  options.progress = [&](double share) { shares.push_back(share); };
  ASSERT_OK_AND_ASSIGN(const EvaluationReport report, Evaluate(Camping(), options));
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_DOUBLE_EQ(shares.at(4), .5);  // The first cut's last.
  EXPECT_DOUBLE_EQ(shares.back(), 1);
  ASSERT_EQ(report.cuts.size(), 2u);
  EXPECT_EQ(report.cuts[0].pairs, 4u);
  EXPECT_EQ(report.cuts[1].pairs, 2u);
  EXPECT_EQ(report.cuts[1].unseen_pairs, 1u);
  ASSERT_EQ(report.methods.size(), 6u);
  const RankingMetrics& kindred = report.methods[0].all;
  EXPECT_EQ(kindred.trials(), 6u);
  // tent -> stove is always first; hammock -> lamp is not known and not answered.
  EXPECT_DOUBLE_EQ(kindred.HitAt(1).value, 5.0 / 6);
  EXPECT_DOUBLE_EQ(kindred.Coverage().value, 5.0 / 6);
  EXPECT_EQ(report.methods[0].unseen.trials(), 1u);
  for (const MethodQuality& method : report.methods) EXPECT_EQ(method.all.trials(), 6u) << method.method;
}

// Most pairs are one person's: with baselines they are mined, without they are not.
TEST(EvaluatorTest, WithoutBaselinesItsOwnFiguresAreTheSame) {
  LogBuilder log;
  for (int i = 0; i < 40; ++i) {
    const std::string user = std::to_string(i);
    log.Search(user, i * kDay / 4, "thing " + std::to_string(i % 7));
    log.Search(user, i * kDay / 4 + 60, "other " + std::to_string(i * i % 11));
  }
  const std::vector<EventTable> markets = log.Tables();
  EvaluateOptions options = Options({Day(5), Day(8)});
  ASSERT_OK_AND_ASSIGN(const EvaluationReport all, Evaluate(markets, options));
  options.baselines = false;
  ASSERT_OK_AND_ASSIGN(const EvaluationReport own, Evaluate(markets, options));
  ASSERT_EQ(own.methods.size(), 1u);
  EXPECT_GT(own.methods[0].all.MrrAt(10).value, 0);
  EXPECT_EQ(own.methods[0].all.MrrAt(10).value, all.methods[0].all.MrrAt(10).value);
  EXPECT_EQ(own.methods[0].all.Coverage().value, all.methods[0].all.Coverage().value);
  EXPECT_EQ(own.slices.size(), all.slices.size());
}

TEST(EvaluatorTest, FloorsAreMeasuredWhereAskedFor) {
  EvaluateOptions options = Options({Day(5), Day(9)});
  ASSERT_OK_AND_ASSIGN(const EvaluationReport plain, Evaluate(Camping(), options));
  EXPECT_THAT(plain.floors, IsEmpty());
  options.measure_floors = true;
  ASSERT_OK_AND_ASSIGN(const EvaluationReport report, Evaluate(Camping(), options));
  ASSERT_EQ(report.floors.size(), 10u);
  EXPECT_EQ(report.floors[0].flag, "min_users");
  EXPECT_EQ(report.floors[0].metrics.trials(), 5u);  // Of both cuts; hammock is not known.
  EXPECT_LT(report.floors[4].metrics.HitAt(10).value, report.floors[0].metrics.HitAt(10).value);  // 10 people; 1.
}

TEST(EvaluatorTest, RollingCutsAreEquallyFarApart) {
  LogBuilder log;
  for (int day = 0; day <= 100; ++day) log.Search("u" + std::to_string(day), day * kDay, "tent");
  const std::vector<EventTable> markets = log.Tables();
  const auto days = [&](uint32_t count) {
    std::vector<double> days;
    for (const absl::Time cut : RollingCuts(markets, count)) {
      days.push_back((absl::ToDoubleSeconds(cut - absl::UnixEpoch()) - LogBuilder::kStartMs / 1e3) / kDay);
    }
    return days;
  };
  EXPECT_THAT(days(1), ElementsAre(DoubleNear(90, 1)));
  EXPECT_THAT(days(2), ElementsAre(DoubleNear(80, 1), DoubleNear(90, 1)));
  EXPECT_THAT(days(8), ElementsAre(DoubleNear(60, 1), DoubleNear(65, 1), DoubleNear(70, 1), DoubleNear(75, 1),
                                   DoubleNear(80, 1), DoubleNear(85, 1), DoubleNear(90, 1), DoubleNear(95, 1)));
}

TEST(EvaluatorTest, UselessCutsAreNamed) {
  EXPECT_THAT(Evaluate(Camping(), Options({})), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("no cut")));
  EXPECT_THAT(Evaluate(Camping(), Options({Day(5), Day(4)})),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("order")));
  EXPECT_THAT(Evaluate(Camping(), Options({Day(0)})), HasStatus(absl::StatusCode::kNotFound, HasSubstr("2023-11-14")));
  EXPECT_THAT(Evaluate(Camping(), Options({Day(30)})), HasStatus(absl::StatusCode::kNotFound, HasSubstr("2023-12-14")));
}

TEST(EvaluatorTest, TimeQuantileCutsTheEventsAtAMinute) {
  const std::vector<EventTable> markets =
      LogBuilder().Search("u", 0, "a1").Search("u", 100, "b1").Search("u", 200, "c1").Tables();
  const auto minute_of = [](int64_t time_ms) { return absl::FromUnixMillis(time_ms / 60'000 * 60'000); };
  EXPECT_EQ(TimeQuantile(markets, 0), minute_of(LogBuilder::kStartMs));
  EXPECT_EQ(TimeQuantile(markets, .5), minute_of(LogBuilder::kStartMs + 100'000));
  EXPECT_EQ(TimeQuantile(markets, 1), absl::FromUnixMillis(LogBuilder::kStartMs + 200'000));
}

TEST(EvaluatorTest, OfTooManyPairsEachCutAsksItsShare) {
  EvaluateOptions options = Options({Day(5), Day(9)});
  options.max_pairs = 4;
  ASSERT_OK_AND_ASSIGN(const EvaluationReport report, Evaluate(Camping(), options));
  EXPECT_EQ(report.cuts[0].pairs, 4u);
  EXPECT_EQ(report.cuts[0].asked_pairs, 2u);
  EXPECT_EQ(report.cuts[1].pairs, 2u);
  EXPECT_EQ(report.cuts[1].asked_pairs, 2u);
  for (const MethodQuality& method : report.methods) EXPECT_EQ(method.all.trials(), 4u);
}

#ifndef KINDRED_SANITIZED  // Sanitizers hold several times as much.
// Shoppers of everything, so that most pairs are one person's: 3.2 million, 115 MB.
EventTable LongTailOfPairs(SpillOptions spill) {
  LogBuilder log(std::move(spill));
  std::mt19937 random(17);
  for (int user = 0; user < 9000; ++user) {
    for (int search = 0; search < 30; ++search) {
      log.Search(std::to_string(user), user * 100 + search * 60, "thing " + std::to_string(random() % 4000));
    }
  }
  return log.Table();
}

TEST(EvaluatorTest, AskingTheBaselinesKeepsToABudget) {
  const TempDir dir;
  ForgetPeak();
  const uint64_t budget = PeakMemoryBytes() + (64 << 20);
  std::vector<EventTable> markets;
  markets.push_back(
      LongTailOfPairs({.memory_limit_bytes = 4 << 20, .temp_dir = dir.path(), .process_budget_bytes = budget}));
  EvaluateOptions options = Options({TimeQuantile(markets, .9)});
  ForgetPeak();
  ASSERT_OK_AND_ASSIGN(const EvaluationReport report, Evaluate(markets, options));
  EXPECT_LE(PeakMemoryBytes() >> 20, budget / 4 * 5 >> 20);  // Without waiting it is 1.8 times.
  EXPECT_GT(report.cuts[0].asked_pairs, 10'000u);
  EXPECT_GT(report.methods[1].all.Coverage().value, .9);
}
#endif

}  // namespace
}  // namespace kindred
