#include "index/build/stage_command.h"

#include <iostream>
#include <sstream>
#include <string>

#include "absl/flags/reflection.h"
#include "common/command_line.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

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

TEST(StageCommandTest, ATablesColumnsAreFoundAsThoseOfAFileWithAHeader) {
  const absl::FlagSaver saver;
  ASSERT_OK(ParseCommandLine({"--columns=user=1,time=2,query=3,market="}));
  std::istringstream names("who\nat\ntyped\nclicked_sku\ncountry\n");
  std::streambuf* const before = std::cin.rdbuf(names.rdbuf());
  ::testing::internal::CaptureStdout();
  EXPECT_OK(MakeStageCommand().run({"columns"}));
  std::cin.rdbuf(before);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "user 0\ntime 1\nquery 2\nitem 3\n");
}

TEST(StageCommandTest, TellsWhatItTook) {
  const absl::FlagSaver saver;
  ASSERT_OK(ParseCommandLine({"--input=" KINDRED_SOURCE_DIR "/README.md"}));
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  EXPECT_OK(MakeStageCommand().run({"files"}));
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), KINDRED_SOURCE_DIR "/README.md\n");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              MatchesRegex("stage files: [0-9.]+ s of processor time, [0-9]+ MiB at most\n"));
}

}  // namespace
}  // namespace kindred
