#include "index/build/history_command.h"

#include <fstream>
#include <iterator>
#include <string>

#include "absl/flags/reflection.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;

TEST(HistoryCommandTest, NeedsAnIndexAndTakesNoArgument) {
  const Command command = MakeHistoryCommand();
  for (const std::string& name : command.flags) EXPECT_NE(absl::FindCommandLineFlag(name), nullptr) << name;
  EXPECT_THAT(command.run({}).message(), HasSubstr("--index DIR is missing"));
  EXPECT_EQ(ExitCode(command.run({"42"})), 2);
}

TEST(HistoryCommandTest, WritesThePageWhereAskedTo) {
  const absl::FlagSaver saver;
  const testing::TempDir dir;
  std::string error;
  ASSERT_TRUE(absl::FindCommandLineFlag("index")->ParseFrom(dir.path(), &error));
  ASSERT_OK(MakeHistoryCommand().run({}));
  ASSERT_TRUE(absl::FindCommandLineFlag("report")->ParseFrom(dir.File("history.html"), &error));
  ASSERT_OK(MakeHistoryCommand().run({}));
  std::ifstream file(dir.File("history.html"));
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(file), {}), HasSubstr("\"versions\": []"));
}

TEST(MeasureKeptVersionTest, NeedsAnIndex) {
  EXPECT_THAT(MeasureKeptVersion({}).message(), HasSubstr("--index DIR is missing"));
  EXPECT_EQ(ExitCode(MeasureKeptVersion({"1", "2"})), 2);
}

}  // namespace
}  // namespace kindred
