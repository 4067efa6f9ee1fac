#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/evaluate/evaluation_report.h"
#include "tests/index/evaluate/small_report.h"

namespace kindred {
namespace {

using ::kindred::testing::SmallReport;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(EvaluationFormatTest, TableShowsEachMethodWithItsErrorAndItsDifference) {
  const std::string table = FormatTable(SmallReport());
  EXPECT_THAT(table, HasSubstr("cut 2026-01-01 to 2026-01-08"));
  EXPECT_THAT(table, HasSubstr("popularity"));
  EXPECT_THAT(table, HasSubstr("0.5000 ±0.5000"));
  EXPECT_THAT(table, HasSubstr("+0.5000 ±0.5000"));
}

TEST(EvaluationFormatTest, SlicesShowWhatIsInTheLists) {
  EXPECT_THAT(FormatSlices(SmallReport()), AllOf(HasSubstr("unseen"), HasSubstr("no evidence"), HasSubstr("0.250")));
  EXPECT_THAT(FormatContext(SmallReport()), AllOf(HasSubstr("the list alone"), HasSubstr("+0.0000")));
  EXPECT_EQ(FormatContext({}), "");
}

TEST(EvaluationFormatTest, ABuildWithoutSlicesHasATable) {
  EvaluationReport report = SmallReport();
  report.slices.clear();
  EXPECT_THAT(FormatTable(report), HasSubstr("popularity"));
  EXPECT_EQ(FormatSlices(report), "");
}

EvaluationReport ReportOf(int ours, int theirs, int both) {
  EvaluationReport report;
  report.methods = {{"kindred", {}, {}}, {"popularity", {}, {}}};
  SliceQuality& all = report.slices.emplace_back();
  all.differences.resize(1);
  const auto add = [&](std::optional<uint32_t> x, std::optional<uint32_t> y) {
    report.methods[0].all.AddTrial(x, true);
    report.methods[1].all.AddTrial(y, true);
    all.differences[0].AddTrial(x, y);
  };
  for (int i = 0; i < ours; ++i) add(1, std::nullopt);
  for (int i = 0; i < theirs; ++i) add(std::nullopt, 1);
  for (int i = 0; i < both; ++i) add(1, 1);
  return report;
}

TEST(HeadlineTest, SaysWhetherTheDifferenceIsChance) {
  const EvaluationReport better = ReportOf(40, 10, 50);
  EXPECT_THAT(Headline(better), StartsWith("For 90 of 100 searches"));
  EXPECT_THAT(Verdict(better), AllOf(HasSubstr("(popularity) serves fewer, and not by chance: +30.0 ±")));
  EXPECT_THAT(Verdict(ReportOf(10, 40, 50)), HasSubstr("serves more, and not by chance: -30.0 ±"));
  EXPECT_THAT(Verdict(ReportOf(11, 10, 50)), HasSubstr("may be chance"));
  EXPECT_THAT(Verdict(ReportOf(0, 0, 50)), HasSubstr("about as many"));
}

TEST(StrongestBaselineTest, IsOfTheHighestHitRate) {
  EvaluationReport report = ReportOf(1, 1, 1);
  report.methods.push_back({"cosine", {}, {}});
  report.methods[2].all.AddTrial(1, true);
  EXPECT_EQ(StrongestBaseline(report), 1u);
}

}  // namespace
}  // namespace kindred
