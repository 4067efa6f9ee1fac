#include "index/build/mine_command.h"

#include <fstream>
#include <sstream>
#include <string>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

ABSL_DECLARE_FLAG(std::vector<std::string>, input);
ABSL_DECLARE_FLAG(std::string, output);
ABSL_DECLARE_FLAG(bool, across_sessions);

namespace kindred {
namespace {

using ::kindred::testing::TempDir;
using ::testing::HasSubstr;

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

std::string CountsOf(const TempDir& dir) {
  const absl::FlagSaver saver;
  absl::SetFlag(&FLAGS_input, {dir.Write("log.tsv", kLog)});
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

TEST(MineCommandTest, AcrossSessionsAUsersWholeHistoryCounts) {
  const absl::FlagSaver saver;
  absl::SetFlag(&FLAGS_across_sessions, true);
  const TempDir dir;
  EXPECT_EQ(CountsOf(dir), std::string(kHeader) + "\tboots\ttent\t3\t2\t3\t2\t3\t3\n");
}

TEST(MineCommandTest, AnOutputThatCannotBeWrittenIsToldOfBeforeTheLogIsRead) {
  const absl::FlagSaver saver;
  absl::SetFlag(&FLAGS_input, {"missing.tsv"});
  absl::SetFlag(&FLAGS_output, "/nonexistent/counts.tsv");
  EXPECT_THAT(MakeMineCommand().run({}).message(), HasSubstr("/nonexistent/counts.tsv: cannot write"));
}

TEST(MineCommandTest, WithoutALogItIsBadUsage) {
  const absl::Status status = MakeMineCommand().run({});
  EXPECT_EQ(ExitCode(status), 2);
  EXPECT_THAT(status.message(), HasSubstr("--input FILE is missing"));
}

}  // namespace
}  // namespace kindred
