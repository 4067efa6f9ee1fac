#include "index/build/history_command.h"

#include <string>

#include "absl/flags/reflection.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;

TEST(HistoryCommandTest, NeedsAnIndexAndTakesNoArgument) {
  const Command command = MakeHistoryCommand();
  for (const std::string& name : command.flags) EXPECT_NE(absl::FindCommandLineFlag(name), nullptr) << name;
  EXPECT_THAT(command.run({}).message(), HasSubstr("--index DIR is missing"));
  EXPECT_EQ(ExitCode(command.run({"42"})), 2);
}

TEST(MeasureKeptVersionTest, NeedsAnIndex) {
  EXPECT_THAT(MeasureKeptVersion({}).message(), HasSubstr("--index DIR is missing"));
  EXPECT_EQ(ExitCode(MeasureKeptVersion({"1", "2"})), 2);
}

}  // namespace
}  // namespace kindred
