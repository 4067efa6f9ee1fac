#include "server/blocklist_file.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

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

class ChangedBlocklistTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto file = BlocklistFile::Open(dir_.Write("blocked", "# nothing\n"));
    ASSERT_OK(file);
    file_.emplace(*std::move(file));
  }
  // What two looks at the file log: the second takes what the first found.
  std::string Log() {
    ::testing::internal::CaptureStdout();  // Before InitLogging(), spdlog logs here.
    EXPECT_FALSE(file_->Refresh());
    EXPECT_FALSE(file_->Refresh());
    return ::testing::internal::GetCapturedStdout();
  }

  const TempDir dir_;
  std::optional<BlocklistFile> file_;
};

TEST_F(ChangedBlocklistTest, IsTakenWhenItChangesNoMore) {
  EXPECT_FALSE(file_->Refresh()) << "it did not change";
  dir_.Write("blocked", "tent\n");
  EXPECT_FALSE(file_->Refresh()) << "it may still be being written";
  dir_.Write("blocked", "tent\nstove\n");
  EXPECT_FALSE(file_->Refresh()) << "as it was";
  EXPECT_TRUE(file_->list()->empty());
  EXPECT_TRUE(file_->Refresh());
  EXPECT_EQ(file_->list()->lines(), 2U);
  EXPECT_FALSE(file_->Refresh());
}

TEST_F(ChangedBlocklistTest, IsNoOtherWhereItBlocksTheSame) {
  dir_.Write("blocked", "# nothing at all\n");
  EXPECT_EQ(Log(), "");
  EXPECT_FALSE(file_->refused());
}

TEST_F(ChangedBlocklistTest, IsRefusedOnceAndTakenWhenMended) {
  const auto before = file_->list();
  for (const auto& [content, why] : {std::pair("tent\nte*nt\n", "line 2"), {"", "it is empty"}}) {
    dir_.Write("blocked", content);
    EXPECT_THAT(Log(), AllOf(HasSubstr("blocklist refused"), HasSubstr(why)));
    EXPECT_EQ(Log(), "");
    EXPECT_TRUE(file_->refused());
    EXPECT_EQ(file_->list(), before);
  }
  dir_.Write("blocked", "# nothing once more\n");
  EXPECT_FALSE(file_->Refresh());
  EXPECT_TRUE(file_->Refresh()) << "there is something to tell";
  EXPECT_FALSE(file_->refused());
}

TEST_F(ChangedBlocklistTest, IsTriedAgainWhereItCouldNotBeRead) {
  const std::string path = dir_.File("blocked");
  std::filesystem::remove(path);
  EXPECT_THAT(Log(), HasSubstr("No such file"));
  EXPECT_EQ(Log(), "");
  EXPECT_TRUE(file_->refused());
  // As a ConfigMap is mounted, and changed.
  dir_.Write("1", "tent\n");
  std::filesystem::create_symlink("1", path);
  EXPECT_FALSE(file_->Refresh());
  EXPECT_TRUE(file_->Refresh());
  EXPECT_EQ(file_->list()->lines(), 1U);
  dir_.Write("2", "tent\nlamp\n");
  std::filesystem::create_symlink("2", dir_.File("new"));
  std::filesystem::rename(dir_.File("new"), path);
  EXPECT_FALSE(file_->Refresh());
  EXPECT_TRUE(file_->Refresh());
  EXPECT_EQ(file_->list()->lines(), 2U);
}

}  // namespace
}  // namespace kindred
