#include "common/temp_file.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

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

TEST(TempFileTest, KeepsBytesAndHasNoName) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const int file, OpenTempFile(dir.path()));
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
  char byte = 'x';
  EXPECT_EQ(::pwrite(file, &byte, 1, 7), 1);
  byte = ' ';
  EXPECT_EQ(::pread(file, &byte, 1, 7), 1);
  EXPECT_EQ(byte, 'x');
  ::close(file);
}

TEST(TempFileTest, ErrorsNameTheFolderAndTheWayOut) {
  EXPECT_THAT(OpenTempFile("/nonexistent").status(),
              HasStatus(absl::StatusCode::kNotFound, HasSubstr("cannot make a temporary file in /nonexistent")));
  EXPECT_THAT(TempFileError(ENOSPC, "cannot write", "/d"),
              HasStatus(absl::StatusCode::kResourceExhausted, AllOf(HasSubstr("in /d;"), HasSubstr("--temp_dir"))));
}

}  // namespace
}  // namespace kindred
