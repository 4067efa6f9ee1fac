#include "index/store/file_checksum.h"

#include "index/store/content_checksum.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::TempDir;

TEST(FileChecksumTest, IsTheXxh3OfTheContentWhateverItsSize) {
  EXPECT_EQ(Checksum(""), "2d06800538d394c2");  // The published test vector of XXH3-64 of nothing.
  const TempDir dir;
  for (const size_t size : {0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20}) {
    std::string content(size, 'x');
    for (size_t i = 0; i < size; i += 97) content[i] = static_cast<char>(i / 97);
    ASSERT_OK_AND_ASSIGN(const FileChecksum checksum, ChecksumFile(dir.Write("file", content)));
    EXPECT_EQ(checksum.bytes, size);
    EXPECT_EQ(checksum.checksum, Checksum(content));
  }
}

TEST(FileChecksumTest, NamesAFileThatCannotBeRead) {
  const TempDir dir;
  EXPECT_THAT(ChecksumFile(dir.File("none")), HasStatus(absl::StatusCode::kNotFound, HasSubstr("/none")));
  EXPECT_THAT(ChecksumFile(dir.path()), HasStatus(absl::StatusCode::kInternal, HasSubstr(dir.path())));
}

}  // namespace
}  // namespace kindred
