#include "server/folder_stamp.h"

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/wait_until.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::TempDir;
using ::kindred::testing::WaitUntil;
using ::testing::IsEmpty;

TEST(FolderStampTest, AnyChangeShows) {
  const TempDir dir;
  dir.Write("a", "one");
  FolderStamp before = StampVersion(dir.path());
  EXPECT_EQ(StampVersion(dir.path()), before) << "looking changes nothing";

  dir.Write("b", "");
  EXPECT_NE(StampVersion(dir.path()), before) << "another file";
  std::filesystem::remove(dir.File("b"));
  EXPECT_EQ(StampVersion(dir.path()), before);

  const auto time = std::filesystem::last_write_time(dir.File("a"));
  dir.Write("a", "three");
  std::filesystem::last_write_time(dir.File("a"), time);
  EXPECT_NE(StampVersion(dir.path()), before) << "another size";

  dir.Write("a", "one");
  std::filesystem::last_write_time(dir.File("a"), time);
  before = StampVersion(dir.path());
  std::filesystem::last_write_time(dir.File("a"), time + std::chrono::nanoseconds(1));
  EXPECT_NE(StampVersion(dir.path()), before) << "another time";

  std::filesystem::last_write_time(dir.File("a"), time);
  before = StampVersion(dir.path());
  // Until the clock of the file system has moved on.
  EXPECT_TRUE(WaitUntil([&] {
    std::filesystem::permissions(dir.File("a"), std::filesystem::perms::owner_read);
    return StampVersion(dir.path()) != before;
  })) << "other permissions";

  dir.Write("new", "one");
  std::filesystem::last_write_time(dir.File("new"), time);
  std::filesystem::rename(dir.File("new"), dir.File("a"));
  EXPECT_NE(StampVersion(dir.path()), before) << "another file of the same name, size and time";
}

TEST(FolderStampTest, WhatStandsBesideTheFilesOfAVersionIsLeftOut) {
  const TempDir dir;
  dir.Write("INDEX_INFO", "info");
  const FolderStamp before = StampVersion(dir.path());
  for (const char* beside : {"VERIFIED", "ACCEPT_SIZE", "report.json"}) dir.Write(beside, "");
  EXPECT_EQ(StampVersion(dir.path()), before);
}

TEST(FolderStampTest, NothingThereIsNoError) {
  const TempDir dir;
  EXPECT_THAT(StampVersion(dir.File("none")), IsEmpty());
  EXPECT_EQ(StampFile(dir.File("none")), FileStamp{.name = "none"});
  dir.Write("none", "");
  EXPECT_NE(StampFile(dir.File("none")), FileStamp{.name = "none"}) << "an empty file is not a missing one";
}

}  // namespace
}  // namespace kindred
