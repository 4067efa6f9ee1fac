#include "index/build/stage_command.h"

#include <string>

#include "absl/flags/reflection.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;

TEST(StageCommandTest, EveryFlagIsOneOfTheProgram) {
  const Command command = MakeStageCommand();
  EXPECT_EQ(command.name, "stage");
  for (const std::string& name : command.flags) EXPECT_NE(absl::FindCommandLineFlag(name), nullptr) << name;
}

TEST(StageCommandTest, AStageThatThereIsNotIsBadUsage) {
  for (const Arguments& arguments : {Arguments{}, Arguments{"nothing"}, Arguments{"read", "write"}}) {
    EXPECT_EQ(ExitCode(MakeStageCommand().run(arguments)), 2);
  }
  EXPECT_THAT(MakeStageCommand().run({"nothing"}).message(), HasSubstr("--help lists them"));
}

TEST(StageCommandTest, WhatAStageNeedsIsNamed) {
  const absl::Status status = MakeStageCommand().run({"users"});
  EXPECT_EQ(ExitCode(status), 2);
  EXPECT_THAT(status.message(), HasSubstr("--dictionary is missing"));
}

}  // namespace
}  // namespace kindred
