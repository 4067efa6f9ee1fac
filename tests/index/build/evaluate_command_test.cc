#include "index/build/evaluate_command.h"

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "absl/flags/reflection.h"
#include "absl/strings/str_cat.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

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

void SetFlag(const std::string& name, const std::string& value) {
  std::string error;
  ASSERT_TRUE(absl::FindCommandLineFlag(name)->ParseFrom(value, &error)) << error;
}

// Ten days on which people search a tent, then a stove.
std::string WriteLog(const testing::TempDir& dir) {
  const std::string path = dir.path() + "/log.tsv";
  std::ofstream file(path);
  file << "user\ttime\tquery\n";
  for (int day = 10; day < 20; ++day) {
    for (int user = 0; user < 3; ++user) {
      file << "u" << day << user << "\t2026-01-" << day << "T10:00:00Z\ttent\n";
      file << "u" << day << user << "\t2026-01-" << day << "T10:01:00Z\tstove\n";
    }
  }
  return path;
}

TEST(EvaluateCommandTest, CutsAreGivenInOneWayOnly) {
  const absl::FlagSaver saver;
  SetFlag("input", "log.tsv");
  for (const char* cuts : {"0", "101"}) {
    SetFlag("cuts", cuts);
    EXPECT_THAT(MakeEvaluateCommand().run({}).message(), HasSubstr("--cuts must be 1 to 100"));
  }
  SetFlag("cuts", "2");
  SetFlag("split", "2026-01-15");
  EXPECT_THAT(MakeEvaluateCommand().run({}).message(), HasSubstr("--split and --cuts: give one of them"));
}

TEST(EvaluateCommandTest, WritesThePageOrSaysWhyNot) {
  const absl::FlagSaver saver;
  const testing::TempDir dir;
  SetFlag("input", WriteLog(dir));
  SetFlag("cuts", "2");
  SetFlag("report", dir.path() + "/report.html");
  ::testing::internal::CaptureStderr();
  ASSERT_OK(MakeEvaluateCommand().run({}));
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("MiB went through --temp_dir"));
  std::ifstream file(dir.path() + "/report.html");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(page, HasSubstr("\"cuts\": \"2\""));
  EXPECT_THAT(page, HasSubstr("\"flag\": \"min_pair_users\""));
  SetFlag("report", dir.path() + "/no/such/folder.html");
  SetFlag("input", "missing.tsv");  // Asked before the log is.
  EXPECT_THAT(MakeEvaluateCommand().run({}).message(), HasSubstr("folder.html: cannot write"));
}

TEST(EvaluateCommandTest, AKeptVersionIsAskedTheWholeLog) {
  for (const auto& [name, value] : {std::pair("split", "2026-01-15"),
                                    {"cuts", "2"},
                                    {"context", "true"},
                                    {"json", "true"},
                                    {"min_users", "3"},
                                    {"min_pair_users", "3"},
                                    {"popular_fill", "1"},
                                    {"drop_respellings", "false"},
                                    {"weights", "default"}}) {
    const absl::FlagSaver saver;
    SetFlag("input", "log.tsv");
    SetFlag("index", "index");
    SetFlag(name, value);
    const absl::Status status = MakeEvaluateCommand().run({});
    EXPECT_EQ(ExitCode(status), 2);
    EXPECT_THAT(status.message(), HasSubstr(absl::StrCat("--", name, ": not with --index")));
  }
}

TEST(EvaluateCommandTest, AKeptVersionHasNoReportOfItsOwn) {
  const absl::FlagSaver saver;
  SetFlag("input", "log.tsv");
  SetFlag("index", "index");
  SetFlag("report", "report.html");
  const absl::Status status = MakeEvaluateCommand().run({});
  EXPECT_EQ(ExitCode(status), 2);
  EXPECT_THAT(status.message(), HasSubstr("kindred-index history --index index --report"));
}

}  // namespace
}  // namespace kindred
