#include "index/store/files.h"

#include <fcntl.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "tests/index/store/sync_fault.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using testing::HasStatus;
using ::testing::HasSubstr;
using testing::SyncFault;
using testing::TempDir;

TEST(FilesTest, AnErrorTellsThePathAndACodeToActOn) {
  const struct {
    int error;
    absl::StatusCode code;
  } kCases[] = {
      {ENOENT, absl::StatusCode::kNotFound},          {EACCES, absl::StatusCode::kPermissionDenied},
      {EROFS, absl::StatusCode::kPermissionDenied},   {EEXIST, absl::StatusCode::kAlreadyExists},
      {ENOSPC, absl::StatusCode::kResourceExhausted}, {EDQUOT, absl::StatusCode::kResourceExhausted},
      {EFBIG, absl::StatusCode::kResourceExhausted},  {EIO, absl::StatusCode::kInternal},
  };
  for (const auto& c : kCases)
    EXPECT_THAT(ErrnoStatus(c.error, "/x/y"), HasStatus(c.code, HasSubstr("/x/y: "))) << c.error;
}

TEST(FilesTest, ReplacedContentReadsBackAndNothingElseIsLeft) {
  const TempDir dir;
  const std::string content(100'000, '\xfe');
  ASSERT_OK(ReplaceFile(dir.path(), "a", "first"));
  ASSERT_OK(ReplaceFile(dir.path(), "a", content));
  EXPECT_EQ(ReadFile(dir.File("a"), content.size()).value(), content);
  EXPECT_THAT(ListFolder(dir.path()).value(), ElementsAre("a"));
}

TEST(FilesTest, AReplacementThatFailsKeepsTheOldFile) {
  const TempDir dir;
  std::filesystem::create_directories(dir.File("a/full"));  // A file cannot be renamed onto it.
  EXPECT_FALSE(ReplaceFile(dir.path(), "a", "new").ok());
  EXPECT_THAT(ListFolder(dir.path()).value(), ElementsAre("a"));
}

TEST(FilesTest, WhereOnlyTheFoldersSyncFailsTheNewContentIsThere) {
  const TempDir dir;
  ASSERT_OK(ReplaceFile(dir.path(), "a", "old"));
  const std::string folder = std::filesystem::canonical(dir.path());
  const SyncFault fault([&](const std::string& path) { return path == folder; });
  EXPECT_THAT(ReplaceFile(dir.path(), "a", "new"), HasStatus(absl::StatusCode::kInternal, HasSubstr(dir.path())));
  EXPECT_EQ(ReadFile(dir.File("a"), 9).value(), "new");
  EXPECT_THAT(ListFolder(dir.path()).value(), ElementsAre("a"));
}

TEST(FilesTest, AFileLongerThanTheLimitIsDataLoss) {
  const TempDir dir;
  dir.Write("a", "12345");
  EXPECT_EQ(ReadFile(dir.File("a"), 5).value(), "12345");
  EXPECT_THAT(ReadFile(dir.File("a"), 4), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("/a: more than 4 bytes")));
}

TEST(FilesTest, WhatIsMissingIsNotFound) {
  const TempDir dir;
  const auto not_found = HasStatus(absl::StatusCode::kNotFound, HasSubstr(dir.File("x")));
  EXPECT_THAT(ReadFile(dir.File("x"), 1), not_found);
  EXPECT_THAT(SyncPath(dir.File("x")), not_found);
  EXPECT_THAT(ListFolder(dir.File("x")), not_found);
  EXPECT_THAT(OpenFile(dir.File("x"), O_RDONLY), not_found);
  EXPECT_THAT(ReplaceFile(dir.File("x"), "a", ""), not_found);
}

TEST(FilesTest, AFolderIsListedInOrder) {
  const TempDir dir;
  for (const char* const name : {"b", ".c", "a"}) dir.Write(name, "");
  EXPECT_THAT(ListFolder(dir.path()).value(), ElementsAre(".c", "a", "b"));
}

TEST(FileDescriptorTest, ClosesOnceWhatItOwns) {
  ASSERT_OK_AND_ASSIGN(FileDescriptor file, OpenFile("/dev/null", O_RDONLY));
  const int number = file.get();
  {
    const FileDescriptor moved = std::move(file);
    EXPECT_EQ(moved.get(), number);
    EXPECT_NE(::fcntl(number, F_GETFD), -1);
  }
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST(MappedFileTest, GivesTheBytesOfAFile) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(MappedFile file, MappedFile::Open(dir.Write("some", "bytes")));
  const MappedFile moved = std::move(file);
  EXPECT_EQ(moved.bytes(), "bytes");
  ASSERT_OK_AND_ASSIGN(const MappedFile empty, MappedFile::Open(dir.Write("empty", "")));
  EXPECT_EQ(empty.bytes(), "");
  EXPECT_THAT(MappedFile::Open(dir.File("none")), HasStatus(absl::StatusCode::kNotFound, HasSubstr("none")));
  EXPECT_THAT(MappedFile::Open(dir.path()), HasStatus(absl::StatusCode::kInternal, HasSubstr(dir.path())));
}

}  // namespace
}  // namespace kindred
