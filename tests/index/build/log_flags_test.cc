#include "index/build/log_flags.h"

#include <string>

#include "absl/flags/reflection.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "common/command_line.h"
#include "common/machine_limits.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/store/related_list.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;

class LogFlagsTest : public ::testing::Test {
 protected:
  absl::FlagSaver saver_;
};

TEST_F(LogFlagsTest, EveryFlagIsOneOfTheProgram) {
  EXPECT_THAT(LogFlagsAnd({"other"}), ::testing::Contains("other"));
  for (const std::string& name : LogFlagsAnd({})) EXPECT_NE(absl::FindCommandLineFlag(name), nullptr) << name;
}

TEST_F(LogFlagsTest, FlagsBecomeOptions) {
  ASSERT_OK(ParseCommandLine({"--input=a.tsv,-", "--max_bad_rows=5%", "--session_gap=10m", "--min_pair_users=3",
                              "--min_users=7", "--columns=user=1,time=2,query=3"}));
  ASSERT_OK_AND_ASSIGN(const LogOptions log, LogOptionsFromFlags());
  EXPECT_THAT(log.inputs, ::testing::ElementsAre("a.tsv", "-"));
  EXPECT_DOUBLE_EQ(log.max_bad_rows, .05);
  EXPECT_EQ(log.columns.size(), 3u);
  ASSERT_OK_AND_ASSIGN(const MineOptions mine, MineOptionsFromFlags());
  EXPECT_EQ(mine.history.session_gap, absl::Minutes(10));
  EXPECT_EQ(mine.min_pair_users, 3u);
  ASSERT_OK_AND_ASSIGN(const RankOptions rank, RankOptionsFromFlags());
  EXPECT_EQ(rank.min_users, 7u);
  EXPECT_EQ(rank.min_pair_users, 3u);
}

TEST_F(LogFlagsTest, FoldersAndGlobsStandForTheirFiles) {
  const testing::TempDir dir;
  for (const char* name : {"may.tsv", "june.tsv", "june.csv"}) dir.Write(name, "x");
  ASSERT_OK(ParseCommandLine({"--input=" + dir.File("*.tsv") + ",-," + dir.File("no such.tsv")}));
  ASSERT_OK_AND_ASSIGN(const LogOptions globbed, LogOptionsWithFiles());
  EXPECT_THAT(globbed.inputs,
              ::testing::ElementsAre(dir.File("june.tsv"), dir.File("may.tsv"), "-", dir.File("no such.tsv")));
  ASSERT_OK(ParseCommandLine({"--input=" + dir.path() + "," + dir.File("may.tsv")}));
  ASSERT_OK_AND_ASSIGN(const LogOptions folder, LogOptionsWithFiles());
  EXPECT_EQ(folder.inputs.size(), 3u);
  ASSERT_OK(ParseCommandLine({"--input=" + dir.File("*.gz")}));
  EXPECT_THAT(LogOptionsWithFiles(),
              testing::HasStatus(absl::StatusCode::kNotFound, HasSubstr("*.gz: no log file is there")));
}

TEST_F(LogFlagsTest, OneFileMayHaveCommasInItsName) {
  const testing::TempDir dir;
  dir.Write("may,june.tsv", "x");
  ASSERT_OK(ParseCommandLine({"--input=" + dir.File("may,june.tsv")}));
  ASSERT_OK_AND_ASSIGN(const LogOptions one, LogOptionsWithFiles());
  EXPECT_THAT(one.inputs, ::testing::ElementsAre(dir.File("may,june.tsv")));
  ASSERT_OK(ParseCommandLine({"--input=" + dir.File("may,july.tsv")}));
  ASSERT_OK_AND_ASSIGN(const LogOptions two, LogOptionsWithFiles());
  EXPECT_THAT(two.inputs, ::testing::ElementsAre(dir.File("may"), "july.tsv"));
}

TEST_F(LogFlagsTest, ResourcesAreThoseOfTheMachineUnlessSaid) {
  ASSERT_OK_AND_ASSIGN(const Resources machine, ResourcesFromFlags("/srv/index"));
  EXPECT_GE(machine.threads, 1u);
  EXPECT_EQ(machine.memory_budget_bytes, MemoryLimitBytes() / 2);
  EXPECT_EQ(machine.temp_dir, "/srv/index");
  ASSERT_OK_AND_ASSIGN(const Resources elsewhere, ResourcesFromFlags());
  EXPECT_FALSE(elsewhere.temp_dir.empty());
  ASSERT_OK(ParseCommandLine({"--threads=3", "--memory_budget=60MiB", "--temp_dir=/var/tmp", "--half_typed_window=0"}));
  ASSERT_OK_AND_ASSIGN(const Resources said, ResourcesFromFlags("/srv/index"));
  EXPECT_EQ(said.threads, 3u);
  EXPECT_EQ(said.memory_budget_bytes, 60u << 20);
  EXPECT_EQ(said.Spill().memory_limit_bytes, 10u << 20);
  EXPECT_EQ(said.temp_dir, "/var/tmp");
  ASSERT_OK_AND_ASSIGN(const MineOptions mine, MineOptionsFromFlags());
  EXPECT_EQ(mine.threads, 3u);
  EXPECT_EQ(mine.history.half_typed_window, absl::ZeroDuration());
}

TEST_F(LogFlagsTest, ResourcesOutOfRangeAreBadUsage) {
  for (const char* flag : {"--threads=5000", "--memory_budget=much", "--memory_budget=0"}) {
    absl::FlagSaver saver;
    ASSERT_OK(ParseCommandLine({flag}));
    EXPECT_EQ(ExitCode(ResourcesFromFlags().status()), 2) << flag;
  }
}

TEST_F(LogFlagsTest, WhatIsOutOfRangeIsBadUsageAndNamed) {
  EXPECT_THAT(LogOptionsFromFlags().status().message(), HasSubstr("--input FILE is missing"));
  for (const char* flag : {"--session_gap=0", "--max_user_queries_per_day=0", "--min_pair_users=0", "--min_users=0"}) {
    const absl::FlagSaver saver;
    ASSERT_OK(ParseCommandLine({flag}));
    const absl::Status status =
        MineOptionsFromFlags().ok() ? RankOptionsFromFlags().status() : MineOptionsFromFlags().status();
    EXPECT_EQ(ExitCode(status), 2) << flag;
    EXPECT_THAT(status.message(), HasSubstr(std::string(flag).substr(0, std::string(flag).find('=')))) << flag;
  }
}

TEST_F(LogFlagsTest, TheHelpOfWeightsNamesTheSignalsInTheirOrder) {
  EXPECT_THAT(absl::FindCommandLineFlag("weights")->Help(), HasSubstr(absl::StrJoin(kSignalNames, ",")));
}

}  // namespace
}  // namespace kindred
