#include "index/build/history_command.h"

#include <fstream>
#include <iterator>
#include <string>

#include "absl/flags/reflection.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/build/build_command.h"
#include "index/build/measurements.h"
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

TEST(MeasureKeptVersionTest, NeedsAnIndex) {
  EXPECT_THAT(MeasureKeptVersion({}).message(), HasSubstr("--index DIR is missing"));
  EXPECT_EQ(ExitCode(MeasureKeptVersion({"1", "2"})), 2);
}

// A log in which nine people search both queries, one a day of the month.
std::string WriteLog(const testing::TempDir& dir, const std::string& month, const std::string& a,
                     const std::string& b) {
  const std::string path = dir.File(month + a + ".tsv");
  std::ofstream file(path);
  file << "user\ttime\tquery\n";
  for (int user = 1; user <= 9; ++user) {
    const std::string day = month + "-0" + std::to_string(user);
    file << user << "\t" << day << "T10:00:00\t" << a << "\n" << user << "\t" << day << "T10:05:00\t" << b << "\n";
  }
  return path;
}

void SetFlag(const char* flag, const std::string& value) {
  std::string error;
  ASSERT_TRUE(absl::FindCommandLineFlag(flag)->ParseFrom(value, &error)) << error;
}

// An index of one version, which --index names.
void PublishOne(const testing::TempDir& dir) {
  SetFlag("index", dir.File("index"));
  SetFlag("measure", "false");
  SetFlag("input", WriteLog(dir, "2026-01", "halo", "halo reach"));
  ASSERT_OK(MakeBuildCommand().run({}));
}

TEST(HistoryCommandTest, WritesThePageWhereAskedTo) {
  const absl::FlagSaver saver;
  const testing::TempDir dir;
  ASSERT_NO_FATAL_FAILURE(PublishOne(dir));
  ASSERT_OK(MakeHistoryCommand().run({}));
  SetFlag("report", dir.File("history.html"));
  ASSERT_OK(MakeHistoryCommand().run({}));
  std::ifstream file(dir.File("history.html"));
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(file), {}), HasSubstr("\"versions\": [{"));
}

TEST(HistoryCommandTest, TellsOfLinesThatItPassesOver) {
  const absl::FlagSaver saver;
  const testing::TempDir dir;
  ASSERT_NO_FATAL_FAILURE(PublishOne(dir));
  dir.Write("index/MEASUREMENTS", "{\"version\": \"2\", \"fro\n{}\n");
  ::testing::internal::CaptureStderr();
  ASSERT_OK(MakeHistoryCommand().run({}));
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("index/MEASUREMENTS: passed over 2 bad lines\n"));
}

TEST(MeasureKeptVersionTest, KeepsNoFiguresOfAnotherShopsLog) {
  const absl::FlagSaver saver;
  const testing::TempDir dir;
  ASSERT_NO_FATAL_FAILURE(PublishOne(dir));
  SetFlag("input", WriteLog(dir, "2026-02", "tent", "camping stove"));
  const absl::Status status = MeasureKeptVersion({});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("version 1 answers 0.0%"));
  EXPECT_THAT(ReadMeasurements(dir.File("index"))->measurements, ::testing::IsEmpty());

  SetFlag("input", WriteLog(dir, "2026-02", "halo", "halo reach"));
  ASSERT_OK(MeasureKeptVersion({}));
  EXPECT_THAT(ReadMeasurements(dir.File("index"))->measurements, Not(::testing::IsEmpty()));
}

}  // namespace
}  // namespace kindred
