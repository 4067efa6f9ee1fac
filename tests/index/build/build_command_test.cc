#include "index/build/build_command.h"

#include <string>

#include "absl/flags/reflection.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;

TEST(BuildCommandTest, EveryFlagIsOneOfTheProgram) {
  const Command command = MakeBuildCommand();
  EXPECT_EQ(command.name, "build");
  for (const std::string& name : command.flags) EXPECT_NE(absl::FindCommandLineFlag(name), nullptr) << name;
}

TEST(BuildCommandTest, WithoutALogItIsBadUsage) {
  const absl::Status status = MakeBuildCommand().run({});
  EXPECT_EQ(ExitCode(status), 2);
  EXPECT_THAT(status.message(), HasSubstr("--input FILE is missing"));
}

}  // namespace
}  // namespace kindred
