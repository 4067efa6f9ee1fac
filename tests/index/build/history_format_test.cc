#include "index/build/history_format.h"

#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

index::v1::Measurement Measured(uint64_t version, std::optional<double> age, double hit, double error = .01) {
  index::v1::Measurement measurement;
  measurement.set_version(version);
  if (age.has_value()) measurement.set_age_days(*age);
  measurement.set_trials(2000);
  index::v1::QualityFigure& figure = *measurement.add_quality();
  figure.set_name("hit@10");
  figure.set_value(hit);
  figure.set_standard_error(error);
  return measurement;
}

TEST(FitDecayTest, FindsTheSlopeWithinVersions) {
  // Version 2 is better by .1, and measured older: its level is not taken for its age.
  const auto decay = FitDecay({Measured(1, 0, .30), Measured(1, 10, .28), Measured(2, 20, .36), Measured(2, 30, .34)});
  ASSERT_TRUE(decay.has_value());
  EXPECT_NEAR(decay->per_day, -.002, 1e-9);
  EXPECT_NEAR(decay->start, .35, 1e-9);
  EXPECT_EQ(decay->max_days, 30);
  EXPECT_NEAR(decay->standard_error, .001, 1e-9);  // .01 / sqrt(4 * 5^2).
}

TEST(FitDecayTest, OneAgeTellsNoSlopeAndTrainedLogsDoNotCount) {
  EXPECT_FALSE(FitDecay({}).has_value());
  EXPECT_FALSE(FitDecay({Measured(1, 3, .3), Measured(2, 9, .2), Measured(1, std::nullopt, .9)}).has_value());
}

TEST(FormatHistoryTest, ShowsVersionsMeasurementsAndAdvice) {
  index::v1::IndexInfo first, second;
  first.set_version(1);
  second.set_version(2);
  second.mutable_comparison()->set_version(1);
  second.mutable_comparison()->add_objections("smaller");
  const std::string text = FormatHistory({first, second}, {1}, {Measured(1, 10, .15), Measured(1, 0, .30)});
  EXPECT_THAT(text, AllOf(HasSubstr("1        active"), HasSubstr("worse than 1"), HasSubstr("10.0")));
  EXPECT_THAT(text, HasSubstr(std::string(40, '#') + "\n"));         // The best.
  EXPECT_THAT(text, HasSubstr(" " + std::string(20, '#') + "\n"));   // Half of it.
  EXPECT_LT(text.find(std::string(40, '#')), text.find("10.0"));     // By age.
  EXPECT_THAT(text, HasSubstr("a twentieth is lost after 1 days"));  // .015 a day of .30.
}

TEST(FormatHistoryTest, TellsWhatWasPublishedThoughItWasWorse) {
  index::v1::IndexInfo kept, forced;
  for (index::v1::IndexInfo* const info : {&kept, &forced}) {
    info->mutable_comparison()->set_version(1);
    info->mutable_comparison()->add_objections("smaller");
  }
  kept.set_version(2);
  forced.set_version(3);
  const std::string text = FormatHistory({kept, forced}, {4, 3, 1}, {});
  EXPECT_THAT(text, AllOf(HasSubstr("worse than 1\n3 "), HasSubstr("worse than 1, published all the same\n")));
}

TEST(FormatHistoryTest, SessionsThatTheVersionKnewStandApart) {
  const std::string known = "nothing later: the version knew these sessions, or does not tell\n";
  const std::string text = FormatHistory({}, {}, {Measured(1, std::nullopt, .9), Measured(1, 3, .3)});
  EXPECT_LT(text.find("came later"), text.find("3.0"));
  EXPECT_LT(text.find("3.0"), text.find(known));
  EXPECT_LT(text.find(known), text.find("trained"));
  EXPECT_THAT(FormatHistory({}, {}, {Measured(1, std::nullopt, .9)}), Not(HasSubstr("came later")));
  EXPECT_THAT(FormatHistory({}, {}, {Measured(1, 3, .3)}), Not(HasSubstr(known)));
}

TEST(FormatHistoryTest, AVersionThatWasNotMeasuredHasNoFigures) {
  index::v1::IndexInfo info;
  info.set_version(4);
  EXPECT_THAT(FormatHistory({info}, {}, {}), AllOf(HasSubstr("not measured"), Not(HasSubstr("0.000"))));
}

TEST(FormatHistoryTest, NoLossBeyondItsErrorIsNoReasonToRebuild) {
  EXPECT_THAT(FormatHistory({}, {}, {Measured(1, 0, .30), Measured(1, 10, .29)}),
              HasSubstr("no loss beyond its error up to 10 days"));
  EXPECT_THAT(FormatHistory({}, {}, {}), HasSubstr("kindred-index evaluate --index"));
}

TEST(FormatMeasurementsTest, WhatItWasBuiltFromHasNoAge) {
  EXPECT_THAT(FormatMeasurements({Measured(1, std::nullopt, .9)}), HasSubstr("trained"));
}

}  // namespace
}  // namespace kindred
