#include "index/build/evaluate_command.h"

#include <string>

#include "absl/flags/reflection.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;

TEST(EvaluateCommandTest, EveryFlagIsOneOfTheProgram) {
  const Command command = MakeEvaluateCommand();
  EXPECT_EQ(command.name, "evaluate");
  for (const std::string& name : command.flags) EXPECT_NE(absl::FindCommandLineFlag(name), nullptr) << name;
}

TEST(EvaluateCommandTest, WithoutALogItIsBadUsage) {
  const absl::Status status = MakeEvaluateCommand().run({});
  EXPECT_EQ(ExitCode(status), 2);
  EXPECT_THAT(status.message(), HasSubstr("--input FILE is missing"));
}

}  // namespace
}  // namespace kindred
