#include "index/build/log_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ListLogFilesTest : public ::testing::Test {
 protected:
  // Paths below the folder.
  std::vector<std::string> List(const std::vector<std::string>& patterns) {
    std::vector<std::string> absolute;
    for (const std::string& pattern : patterns) absolute.push_back(dir_.File(pattern));
    const auto files = ListLogFiles(absolute);
    EXPECT_OK(files.status());
    std::vector<std::string> paths;
    for (const LogFile& file : *files) paths.push_back(file.path.substr(dir_.path().size() + 1));
    return paths;
  }

  TempDir dir_;
};

TEST_F(ListLogFilesTest, TakesFilesFoldersAndGlobsEachFileOnce) {
  std::filesystem::create_directories(dir_.File("days/dt=2026-01-31"));
  for (const char* name : {"b.tsv", "a.tsv", "c.csv", "days/d.tsv", "days/dt=2026-01-31/e.tsv"}) dir_.Write(name, "x");
  EXPECT_THAT(List({"b.tsv"}), ElementsAre("b.tsv"));
  EXPECT_THAT(List({"*.tsv", "b.tsv"}), ElementsAre("a.tsv", "b.tsv"));
  EXPECT_THAT(List({"days"}), ElementsAre("days/d.tsv", "days/dt=2026-01-31/e.tsv"));
  EXPECT_THAT(List({"days/", "c.csv"}), ElementsAre("c.csv", "days/d.tsv", "days/dt=2026-01-31/e.tsv"));
  EXPECT_THAT(List({"days/dt=*"}), ElementsAre("days/dt=2026-01-31/e.tsv"));
  EXPECT_THAT(List({"none.tsv", "none/*.tsv"}), IsEmpty());
}

TEST_F(ListLogFilesTest, TellsWhatThePatternNamedItself) {
  std::filesystem::create_directories(dir_.File("2020-01-15/logs/31"));
  dir_.Write("2020-01-15/logs/31/a.tsv", "x");
  const auto left_open = [&](const std::string& pattern) {
    const auto files = ListLogFiles({dir_.File(pattern)});
    EXPECT_OK(files.status());
    return files->front().path.substr(files->front().named_bytes);
  };
  EXPECT_EQ(left_open("2020-01-15/logs"), "31/a.tsv");
  EXPECT_EQ(left_open("2020-01-15/logs/"), "31/a.tsv");
  EXPECT_EQ(left_open("2020-01-15/logs/31/a.tsv"), "a.tsv");
  EXPECT_EQ(left_open("2020-01-15/lo*"), "logs/31/a.tsv");
  EXPECT_EQ(left_open("2020-*/logs/31/a.tsv"), "2020-01-15/logs/31/a.tsv");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(dir_.path());
  EXPECT_EQ(ListLogFiles({"2020*"})->front().named_bytes, 0u);
  EXPECT_EQ(ListLogFiles({"2020-01-15/logs/31/*"})->front().named_bytes, std::string("2020-01-15/logs/31/").size());
  std::filesystem::current_path(before);
}

TEST_F(ListLogFilesTest, WhatIsThereIsNoGlob) {
  std::filesystem::create_directories(dir_.File("[old] logs?"));
  for (const char* name : {"[old] logs?/a.tsv", "b[1].tsv", "b1.tsv"}) dir_.Write(name, "x");
  EXPECT_THAT(List({"[old] logs?"}), ElementsAre("[old] logs?/a.tsv"));
  EXPECT_THAT(List({"b[1].tsv"}), ElementsAre("b[1].tsv"));
  EXPECT_THAT(List({"b[1-9].tsv"}), ElementsAre("b1.tsv"));
}

TEST_F(ListLogFilesTest, LeavesOutWhatIsNotFinished) {
  for (const char* name : {".a.tsv", "a.tsv.tmp", "a.tsv.part", "a.part.tsv"}) dir_.Write(name, "x");
  dir_.Write("empty.tsv", "");
  std::filesystem::create_directories(dir_.File("next.tmp"));
  dir_.Write("next.tmp/b.tsv", "x");
  EXPECT_THAT(List({"*", ".a*"}), ElementsAre("a.part.tsv"));
  EXPECT_THAT(List({"."}), ElementsAre("./a.part.tsv"));
}

TEST_F(ListLogFilesTest, WithinFoldersLeavesOutWhatIsNoPartOfTheLog) {
  for (const char* folder : {"logs/31", "logs/_temporary", "logs/lost+found", "logs/.hidden", "logs/index/1"}) {
    std::filesystem::create_directories(dir_.File(folder));
    dir_.Write(std::string(folder) + "/a.tsv", "x");
  }
  dir_.Write("logs/index/ACTIVE", "1");
  dir_.Write("logs/_SUCCESS", "x");
  std::filesystem::create_directory_symlink("31", dir_.File("logs/latest"));
  std::filesystem::create_directory_symlink("..", dir_.File("logs/31/loop"));
  EXPECT_THAT(List({"logs"}), ElementsAre("logs/31/a.tsv"));
  EXPECT_THAT(List({"logs/latest"}), ElementsAre("logs/latest/a.tsv"));
  EXPECT_THAT(List({"logs/_temporary"}), ElementsAre("logs/_temporary/a.tsv"));
  EXPECT_THAT(List({"logs/[3il_]*"}), ElementsAre("logs/31/a.tsv", "logs/_SUCCESS"));
}

TEST_F(ListLogFilesTest, TellsSizeAndTimeOfChange) {
  const std::string path = dir_.Write("a.tsv", "four");
  const timespec times[2] = {{0, 0}, {1'700'000'000, 5}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  ASSERT_OK_AND_ASSIGN(const std::vector<LogFile> files, ListLogFiles({path}));
  EXPECT_EQ(files[0], (LogFile{path, 4, absl::FromUnixNanos(1'700'000'000'000'000'005)}));
  const std::string loop = dir_.File("loop");
  std::filesystem::create_symlink(loop, loop);
  EXPECT_THAT(ListLogFiles({loop + "/*.tsv"}), HasStatus(absl::StatusCode::kInternal, HasSubstr(loop)));
}

TEST(MayHoldEventsSinceTest, OnlyAWriteOrADateThatIsTooOldRulesAFileOut) {
  const absl::Time since = absl::FromCivil(absl::CivilDay(2026, 3, 10), absl::UTCTimeZone());
  const auto may = [&](const std::string& path, absl::Duration written_before = absl::ZeroDuration()) {
    return MayHoldEventsSince({path, 1, since - written_before}, since);
  };
  EXPECT_TRUE(may("log.tsv", absl::Hours(24)));
  EXPECT_FALSE(may("log.tsv", absl::Hours(24) + absl::Seconds(1)));

  EXPECT_TRUE(may("log-2026-02-06.tsv"));
  EXPECT_FALSE(may("log-2026-02-05.tsv"));
  EXPECT_FALSE(may("2026_02_05.tsv"));
  EXPECT_FALSE(may("log.20260205.gz"));
  EXPECT_FALSE(may("logs/dt=2026-02-05/part-0.gz"));
  constexpr size_t kDeployment = sizeof("app-2020-01-15/") - 1;
  EXPECT_TRUE(MayHoldEventsSince({"app-2020-01-15/part-0.gz", 1, since, kDeployment}, since));
  EXPECT_FALSE(MayHoldEventsSince({"app-2020-01-15/2026/02/05/part-0.gz", 1, since, kDeployment}, since));
  EXPECT_FALSE(may("logs/2026/02/05/part-0.gz"));
  EXPECT_FALSE(may("2026/02/05/23/part-0.gz"));
  EXPECT_TRUE(may("logs/2026/02/06/part-0.gz"));
  EXPECT_TRUE(may("2020/01/01/shop/logs/part-0.gz"));
  EXPECT_TRUE(may("2020-01-01/dt=2026-03-01/hour=05/part-0.gz"));
  EXPECT_FALSE(may("2026-03-01/dt=2026-01-31/hour=05/part-0.gz"));
  EXPECT_FALSE(may("2026-03-01/2025-06-01_2025-06-30.tsv"));
  EXPECT_TRUE(may("2026-01-01/log-2026-03-01.tsv"));
  EXPECT_TRUE(may("2025-01-01_2026-03-01.tsv"));
  EXPECT_TRUE(may("2026-03-01_2025-01-01.tsv"));
  // No dates.
  EXPECT_TRUE(may("log-2026-02.tsv"));
  EXPECT_TRUE(may("part-20260205123.tsv"));
  EXPECT_TRUE(may("2026-02-31.tsv"));
  EXPECT_TRUE(may("10000101.tsv"));
}

}  // namespace
}  // namespace kindred
