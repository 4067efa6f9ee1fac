#include "index/build/output_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/log/byte_source.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::TempDir;
using ::testing::HasSubstr;

std::string ReadAll(const std::string& path) {
  auto source = OpenByteSource(path);
  EXPECT_OK(source.status());
  std::string text(1 << 20, '\0');
  size_t size = 0;
  while (true) {
    const auto n = (*source)->Read(absl::MakeSpan(text).subspan(size));
    EXPECT_OK(n.status());
    if (!n.ok() || *n == 0) return text.substr(0, size);
    size += *n;
  }
}

TEST(OutputFileTest, WritesPlainAndCompressed) {
  const TempDir dir;
  std::string want;
  for (int i = 0; i < 20'000; ++i) want += "line " + std::to_string(i) + "\n";
  for (const char* name : {"counts.tsv", "counts.tsv.zst"}) {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<OutputFile> file, OutputFile::Create(dir.File(name)));
    for (size_t at = 0; at < want.size(); at += 1000) EXPECT_OK(file->Write(want.substr(at, 1000)));
    EXPECT_FALSE(std::filesystem::exists(dir.File(name)));  // Not before all of it is there.
    EXPECT_OK(file->Finish());
    EXPECT_EQ(ReadAll(dir.File(name)), want) << name;
  }
  EXPECT_LT(std::filesystem::file_size(dir.File("counts.tsv.zst")), want.size() / 2);
}

TEST(OutputFileTest, AnUnfinishedFileLeavesTheOldOneAndNothingElse) {
  const TempDir dir;
  dir.Write("counts.tsv", "old");
  {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<OutputFile> file, OutputFile::Create(dir.File("counts.tsv")));
    EXPECT_OK(file->Write("new"));
  }
  EXPECT_EQ(ReadAll(dir.File("counts.tsv")), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1);
}

TEST(OutputFileTest, AMissingFolderIsNamed) {
  const auto file = OutputFile::Create("/nonexistent/counts.tsv");
  EXPECT_EQ(file.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("/nonexistent/counts.tsv"));
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("mkdir -p /nonexistent"));
}

TEST(OutputFileTest, AskingWhetherItCanBeWrittenChangesNothing) {
  const TempDir dir;
  dir.Write("old", "old");
  std::filesystem::create_symlink(dir.File("old"), dir.File("link"));
  ASSERT_EQ(::mkfifo(dir.File("pipe").c_str(), 0600), 0);  // Opening it would wait for a reader.
  for (const char* name : {"old", "link", "pipe", "new"}) EXPECT_OK(OutputFile::CheckWritable(dir.File(name))) << name;
  EXPECT_EQ(ReadAll(dir.File("old")), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 3);
  EXPECT_OK(OutputFile::CheckWritable("-"));
  EXPECT_THAT(OutputFile::CheckWritable(dir.path()),
              HasStatus(absl::StatusCode::kFailedPrecondition,
                        HasSubstr(dir.path() + ": cannot write: Is a directory; name a file")));
  EXPECT_THAT(OutputFile::CheckWritable(dir.File("old/file")),
              HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("Not a directory")));
  EXPECT_THAT(OutputFile::CheckWritable(dir.File("none/file")),
              HasStatus(absl::StatusCode::kNotFound, HasSubstr("mkdir -p " + dir.File("none"))));
}

TEST(OutputFileTest, ADeviceOrALinkIsWrittenToAndNotReplaced) {
  const TempDir dir;
  dir.Write("target", "old");
  std::filesystem::create_symlink(dir.File("target"), dir.File("link"));
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<OutputFile> file, OutputFile::Create(dir.File("link")));
  EXPECT_OK(file->Write("new"));
  EXPECT_OK(file->Finish());
  EXPECT_TRUE(std::filesystem::is_symlink(dir.File("link")));
  EXPECT_EQ(ReadAll(dir.File("target")), "new");
}

TEST(OutputFileTest, AFullDiskIsAnError) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<OutputFile> file, OutputFile::Create("/dev/full"));
  absl::Status status = file->Write("something");
  if (status.ok()) status = file->Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(OutputFileTest, WhatIsNoFileIsToldBeforeTheWork) {
  const TempDir dir;
  std::filesystem::create_symlink(dir.File("loop"), dir.File("loop"));
  std::filesystem::create_directory(dir.File("folder"));
  EXPECT_FALSE(OutputFile::CheckWritable(dir.File("loop")).ok());
  EXPECT_FALSE(OutputFile::CheckWritable(dir.File("folder")).ok());
  EXPECT_THAT(OutputFile::CheckWritable(""), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("name one")));
  EXPECT_OK(OutputFile::CheckWritable("-"));
}

}  // namespace
}  // namespace kindred
