#include "index/build/progress.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(ProgressTest, OneLineAStageWhereNobodyWatches) {
  ::testing::internal::CaptureStderr();
  Progress progress(Progress::Output::kLines);
  progress.Stage("read");
  progress.Update(10, "rows", .1);
  progress.Done("100 rows");
  progress.Stage("mine");
  progress.Stage("rank");
  progress.Done("7 lists");
  const std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, AllOf(HasSubstr("read"), HasSubstr("100 rows\n"), HasSubstr("mine"), HasSubstr("7 lists\n")));
  EXPECT_THAT(text, Not(HasSubstr("\r")));
}

TEST(ProgressTest, TerminalLineIsWipedWhenTheWorkFails) {
  ::testing::internal::CaptureStderr();
  {
    Progress progress(Progress::Output::kTerminal);
    progress.Stage("read");
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "\r\033[Kread ...\r\033[K");
}

TEST(ProgressTest, ATerminalsLineTellsRateShareAndTimeLeft) {
  ::testing::internal::CaptureStderr();
  {
    Progress progress(Progress::Output::kTerminal);
    progress.Stage("read");
    progress.Update(10, "rows", .25);
  }
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              ::testing::ContainsRegex("read [.][.][.] 10 rows, [0-9]+/s, 25%, [0-9]+ s left"));
}

TEST(ProgressTest, KeepsItsStagesAndTheOneThatRuns) {
  Progress progress(Progress::Output::kQuiet);
  progress.Stage("read");
  progress.Done("100 rows");
  progress.Stage("rank");
  const std::vector<StageTime> stages = progress.stages();
  ASSERT_EQ(stages.size(), 2u);
  EXPECT_EQ(stages[0].name, "read");
  EXPECT_EQ(stages[0].summary, "100 rows");
  EXPECT_GE(stages[0].seconds, 0);
  EXPECT_EQ(stages[1].name, "rank");
  EXPECT_EQ(stages[1].summary, "");
}

TEST(ProgressTest, QuietSaysNothing) {
  ::testing::internal::CaptureStderr();
  Progress progress(Progress::Output::kQuiet);
  progress.Stage("read");
  progress.Done("done");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), IsEmpty());
}

}  // namespace
}  // namespace kindred
