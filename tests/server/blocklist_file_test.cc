#include "server/blocklist_file.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(BlocklistFileTest, WhatIsNoBlocklistIsNamed) {
  const TempDir dir;
  const std::string path = dir.File("blocked");
  EXPECT_THAT(
      BlocklistFile::Open(path).status(),
      HasStatus(absl::StatusCode::kNotFound, absl::StrCat("--blocklist_file: ", path, ": No such file or directory")));
  dir.Write("blocked", "tent\n*\n");
  EXPECT_THAT(BlocklistFile::Open(path).status(),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        AllOf(HasSubstr(absl::StrCat("--blocklist_file: ", path)), HasSubstr("line 2"))));
}

TEST(BlocklistFileTest, AChangedListIsTakenAndABadOneRefusedOnce) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(BlocklistFile file, BlocklistFile::Open(dir.Write("blocked", "")));
  EXPECT_TRUE(file.list()->empty());
  EXPECT_FALSE(file.Refresh()) << "it did not change";
  dir.Write("blocked", "tent\nstove\n");
  EXPECT_TRUE(file.Refresh());
  const auto good = file.list();
  EXPECT_EQ(good->size(), 2U);
  const auto refresh = [&file] {
    ::testing::internal::CaptureStdout();  // Before InitLogging(), spdlog logs here.
    EXPECT_FALSE(file.Refresh());
    return ::testing::internal::GetCapturedStdout();
  };
  dir.Write("blocked", "# tent\nte*nt\n");
  EXPECT_THAT(refresh(), AllOf(HasSubstr("blocklist refused"), HasSubstr("line 2")));
  EXPECT_EQ(refresh(), "");
  std::filesystem::remove(dir.File("blocked"));
  EXPECT_THAT(refresh(), HasSubstr("No such file"));
  EXPECT_EQ(file.list(), good);
}

}  // namespace
}  // namespace kindred
