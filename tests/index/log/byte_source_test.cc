#include "index/log/byte_source.h"

#include <sys/stat.h>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/log/log_testing.h"
#include "tests/index/log/string_source.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::ReadAll;

TEST(ByteSourceTest, GivesTheDecompressedBytesWhateverTheSizeOfTheReads) {
  const testing::TempDir dir;
  const std::string text = "one\ntwo\nthree\n";
  const std::pair<const char*, std::string> kCopies[] = {
      {"plain", text}, {"gzip", testing::Gzipped(text)}, {"zstd", testing::Zstd(text)}};
  for (const auto& [name, bytes] : kCopies) {
    SCOPED_TRACE(name);
    for (const size_t bytes_a_read : {1, 3, 1000}) {
      ASSERT_OK_AND_ASSIGN(const auto source, OpenByteSource(dir.Write(name, bytes)));
      EXPECT_EQ(ReadAll(*source, bytes_a_read).value(), text);
      EXPECT_EQ(source->raw_bytes_read(), bytes.size());
      EXPECT_EQ(InputSize(dir.File(name)), bytes.size());
    }
  }
}

TEST(ByteSourceTest, FilesShorterThanAMagicNumberAreRead) {
  const testing::TempDir dir;
  for (const std::string text : {"", "a", "\x1f", "\x28\xB5"}) {
    ASSERT_OK_AND_ASSIGN(const auto source, OpenByteSource(dir.Write("short", text)));
    EXPECT_EQ(ReadAll(*source).value(), text);
  }
}

TEST(ByteSourceTest, FoldersAndMissingFilesAreErrorsThatNameThem) {
  const testing::TempDir dir;
  EXPECT_THAT(OpenByteSource(dir.path()), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("folder")));
  EXPECT_THAT(OpenByteSource(dir.File("none")), HasStatus(absl::StatusCode::kNotFound, HasSubstr(dir.File("none"))));
  EXPECT_EQ(InputSize(dir.File("none")), std::nullopt);
  EXPECT_EQ(InputSize(dir.path()), std::nullopt);
  EXPECT_EQ(InputSize("-"), std::nullopt);
}

TEST(ByteSourceTest, AFileThatMayNotBeReadIsPermissionDenied) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const testing::TempDir dir;
  const std::string path = dir.Write("secret", "x");
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  EXPECT_THAT(OpenByteSource(path), HasStatus(absl::StatusCode::kPermissionDenied, HasSubstr(path)));
}

}  // namespace
}  // namespace kindred
