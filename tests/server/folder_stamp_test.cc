#include "server/folder_stamp.h"

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::TempDir;
using ::testing::IsEmpty;

TEST(FolderStampTest, AnyChangeShows) {
  const TempDir dir;
  dir.Write("a", "one");
  const FolderStamp before = StampFolder(dir.path());
  EXPECT_EQ(StampFolder(dir.path()), before) << "looking changes nothing";

  dir.Write("b", "");
  EXPECT_NE(StampFolder(dir.path()), before) << "another file";
  std::filesystem::remove(dir.File("b"));
  EXPECT_EQ(StampFolder(dir.path()), before);

  const auto time = std::filesystem::last_write_time(dir.File("a"));
  dir.Write("a", "three");
  std::filesystem::last_write_time(dir.File("a"), time);
  EXPECT_NE(StampFolder(dir.path()), before) << "another size";
  dir.Write("a", "one");
  std::filesystem::last_write_time(dir.File("a"), time);
  EXPECT_EQ(StampFolder(dir.path()), before);

  std::filesystem::last_write_time(dir.File("a"), time + std::chrono::nanoseconds(1));
  EXPECT_NE(StampFolder(dir.path()), before) << "another time";

  dir.Write("new", "one");
  std::filesystem::last_write_time(dir.File("new"), time);
  std::filesystem::rename(dir.File("new"), dir.File("a"));
  EXPECT_NE(StampFolder(dir.path()), before) << "another file of the same name, size and time";
}

TEST(FolderStampTest, NothingThereIsNoError) {
  const TempDir dir;
  EXPECT_THAT(StampFolder(dir.File("none")), IsEmpty());
  EXPECT_EQ(StampFile(dir.File("none")), FileStamp{.name = "none"});
  dir.Write("none", "");
  EXPECT_NE(StampFile(dir.File("none")), FileStamp{.name = "none"}) << "an empty file is not a missing one";
}

}  // namespace
}  // namespace kindred
