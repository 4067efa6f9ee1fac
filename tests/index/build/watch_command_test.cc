#include "index/build/watch_command.h"

#include <string>

#include "absl/flags/reflection.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;

TEST(WatchCommandTest, EveryFlagIsOneOfTheProgram) {
  const Command command = MakeWatchCommand();
  EXPECT_EQ(command.name, "watch");
  for (const std::string& name : command.flags) EXPECT_NE(absl::FindCommandLineFlag(name), nullptr) << name;
}

TEST(WatchCommandTest, WithoutALogItIsBadUsage) {
  const absl::Status status = MakeWatchCommand().run({});
  EXPECT_EQ(ExitCode(status), 2);
  EXPECT_THAT(status.message(), HasSubstr("--input FILE is missing"));
}

TEST(ParseWindowTest, KnowsDaysAndDurations) {
  EXPECT_EQ(ParseWindow("90d").value(), absl::Hours(90 * 24));
  EXPECT_EQ(ParseWindow("1.5d").value(), absl::Hours(36));
  EXPECT_EQ(ParseWindow("36h").value(), absl::Hours(36));
  EXPECT_EQ(ParseWindow("inf").value(), absl::InfiniteDuration());
  for (const char* bad : {"", "d", "90", "0d", "-1d", "nand", "soon"}) EXPECT_FALSE(ParseWindow(bad).ok()) << bad;
}

}  // namespace
}  // namespace kindred
