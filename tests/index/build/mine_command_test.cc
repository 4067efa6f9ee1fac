#include "index/build/mine_command.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/mine/user_pairs.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

ABSL_DECLARE_FLAG(std::vector<std::string>, input);
ABSL_DECLARE_FLAG(std::string, output);
ABSL_DECLARE_FLAG(bool, across_sessions);
ABSL_DECLARE_FLAG(uint32_t, threads);

namespace kindred {
namespace {

using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHeader[] = "market\ta\tb\tusers\tsession_users\tsessions\tsessions_a_first\tusers_a\tusers_b\n";

// u and v search tent and boots in a session, u in two; w on two days.
constexpr char kLog[] =
    "user\ttime\tquery\n"
    "u\t2025-01-01T10:00:00Z\tTent\n"
    "u\t2025-01-01T10:01:00Z\tboots\n"
    "u\t2025-01-02T10:00:00Z\tboots\n"
    "u\t2025-01-02T10:01:00Z\ttent\n"
    "v\t2025-01-01T10:00:00Z\tboots\n"
    "v\t2025-01-01T10:01:00Z\ttent\n"
    "w\t2025-01-01T10:00:00Z\tboots\n"
    "w\t2025-01-05T10:00:00Z\ttent\n";

std::string CountsOf(const TempDir& dir, const std::string& log = kLog) {
  const absl::FlagSaver saver;
  absl::SetFlag(&FLAGS_input, {dir.Write("log.tsv", log)});
  absl::SetFlag(&FLAGS_output, dir.File("counts.tsv"));
  EXPECT_OK(MakeMineCommand().run({}));
  std::ostringstream text;
  text << std::ifstream(dir.File("counts.tsv")).rdbuf();
  return text.str();
}

TEST(MineCommandTest, EveryFlagIsOneOfTheProgram) {
  const Command command = MakeMineCommand();
  for (const std::string& name : command.flags) EXPECT_NE(absl::FindCommandLineFlag(name), nullptr) << name;
}

TEST(MineCommandTest, WritesTheCountsOfSessions) {
  const TempDir dir;
  EXPECT_EQ(CountsOf(dir), std::string(kHeader) + "\tboots\ttent\t2\t2\t3\t2\t3\t3\n");
}

TEST(MineCommandTest, ProgressTellsTheMarketsApart) {
  const TempDir dir;
  ::testing::internal::CaptureStderr();
  CountsOf(dir,
           "user\ttime\tquery\tmarket\n"
           "u\t2025-01-01T10:00:00Z\ttent\ttw\n"
           "u\t2025-01-01T10:01:00Z\tboots\ttw\n"
           "u\t2025-01-01T10:02:00Z\tzelt\tde\n");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("market \"de\": 1 searches, 0 pairs"), HasSubstr("market \"tw\": 2 searches, 0 pairs"),
                    HasSubstr("3 searches, 0 pairs in all"), ContainsRegex("memory: [0-9]+ MiB at most, of [0-9]+")));
}

TEST(MineCommandTest, AcrossSessionsAUsersWholeHistoryCounts) {
  const absl::FlagSaver saver;
  absl::SetFlag(&FLAGS_across_sessions, true);
  const TempDir dir;
  EXPECT_EQ(CountsOf(dir), std::string(kHeader) + "\tboots\ttent\t3\t2\t3\t2\t3\t3\n");
}

TEST(MineCommandTest, EachOfManyPairsIsWrittenOnceAndInOrder) {
  // Two people, four sessions of a hundred queries each.
  std::string log = "user\ttime\tquery\n";
  std::vector<std::string> expected;
  for (int session = 0; session < 4; ++session) {
    for (int query = 0; query < 100; ++query) {
      const std::string text = absl::StrFormat("q%d%02d", session, query);
      for (const char* user : {"u", "v"}) {
        absl::StrAppend(&log, user, "\t", absl::StrFormat("2025-01-0%dT10:00:%02dZ", session + 1, query / 2), "\t",
                        text, "\n");
      }
      for (int other = query + 1; other < 100; ++other) {
        expected.push_back(absl::StrFormat("\t%s\tq%d%02d\t2\t2\t2\t2\t2\t2", text, session, other));
      }
    }
  }
  const std::string lines = kHeader + absl::StrJoin(expected, "\n") + "\n";
  for (const uint32_t threads : {1, 3}) {
    const absl::FlagSaver saver;
    absl::SetFlag(&FLAGS_threads, threads);
    const TempDir dir;
    EXPECT_TRUE(CountsOf(dir, log) == lines) << threads;  // Of 19,800 lines no difference is to be shown.
  }
}

TEST(MineCommandTest, AnOutputThatCannotBeWrittenIsToldOfBeforeTheLogIsRead) {
  const absl::FlagSaver saver;
  absl::SetFlag(&FLAGS_input, {"missing.tsv"});
  absl::SetFlag(&FLAGS_output, "/nonexistent/counts.tsv");
  EXPECT_THAT(MakeMineCommand().run({}).message(), HasSubstr("/nonexistent/counts.tsv: cannot write"));
}

TEST(MineCommandTest, TellsHowManySessionsTheCapCuts) {
  std::string log = "user\ttime\tquery\n";
  for (int query = 0; query < 101; ++query) {
    absl::StrAppend(&log, "u\t", absl::StrFormat("2025-01-01T10:%02d:%02dZ", query / 60, query % 60), "\tq", query,
                    "\n");
  }
  const TempDir dir;
  ::testing::internal::CaptureStderr();
  CountsOf(dir, log);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("caps cut: 1 sessions"));
  ::testing::internal::CaptureStderr();
  CountsOf(dir);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), Not(HasSubstr("caps cut")));
  EXPECT_THAT(MakeMineCommand().usage, HasSubstr(absl::StrCat("its first ", PairOptions().max_session_queries)));
}

TEST(MineCommandTest, TheLogIsNotReplacedByItsCounts) {
  const absl::FlagSaver saver;
  const TempDir dir;
  const std::string log = dir.Write("log.tsv", kLog);
  std::filesystem::create_symlink(log, dir.File("link.tsv"));
  absl::SetFlag(&FLAGS_input, {log});
  for (const std::string& output : {log, dir.path() + "/./log.tsv", dir.File("link.tsv")}) {
    absl::SetFlag(&FLAGS_output, output);
    const absl::Status status = MakeMineCommand().run({});
    EXPECT_EQ(ExitCode(status), 2);
    EXPECT_THAT(status.message(), HasSubstr("is a file of the log"));
  }
  EXPECT_EQ(std::filesystem::file_size(log), std::string(kLog).size());
}

TEST(MineCommandTest, WithoutALogItIsBadUsage) {
  const absl::Status status = MakeMineCommand().run({});
  EXPECT_EQ(ExitCode(status), 2);
  EXPECT_THAT(status.message(), HasSubstr("--input FILE is missing"));
}

}  // namespace
}  // namespace kindred
