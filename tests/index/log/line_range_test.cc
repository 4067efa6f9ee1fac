#include "index/log/line_range.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::TempDir;

std::string Read(const std::string& path, const ByteRange& range, bool begins_line, size_t bytes_a_read) {
  const auto source = OpenLineRange(path, range, begins_line);
  EXPECT_OK(source);
  std::string text, piece(bytes_a_read, '\0');
  while (true) {
    const size_t n = (*source)->Read(absl::MakeSpan(piece.data(), piece.size())).value();
    if (n == 0) return text;
    text.append(piece, 0, n);
  }
}

TEST(LineRangeTest, RangesThatTouchGiveEveryLineOnce) {
  const TempDir dir;
  for (const std::string text : {"one\ntwo\n\nthree and more\nlast", "one\ntwo\n", "no end", "\n\n", "a\nb\r\nc\n"}) {
    const std::string path = dir.Write("log", text);
    for (uint64_t cut = 0; cut <= text.size() + 1; ++cut) {
      for (uint64_t cut2 = cut; cut2 <= text.size() + 2; ++cut2) {
        for (const size_t bytes_a_read : {1u, 3u, 100u}) {
          const std::string parts[] = {Read(path, {0, cut}, true, bytes_a_read),
                                       Read(path, {cut, cut2}, cut == 0, bytes_a_read),
                                       Read(path, {cut2, UINT64_MAX}, cut2 == 0, bytes_a_read)};
          EXPECT_EQ(parts[0] + parts[1] + parts[2], text) << cut << " " << cut2;
          for (const std::string& part : parts) {
            EXPECT_TRUE(part.empty() || part.back() == '\n' || text.ends_with(part)) << part;
          }
        }
      }
    }
  }
}

TEST(LineRangeTest, ABeginningThatIsKnownToBeALinesIsNotLookedAt) {
  const TempDir dir;
  EXPECT_EQ(Read(dir.Write("log", "xxone\ntwo\n"), {2, 5}, true, 100), "one\n");
}

TEST(LineRangeTest, AFileThatIsNotThereIsNamed) {
  EXPECT_THAT(OpenLineRange("/nowhere.tsv", {}, true),
              HasStatus(absl::StatusCode::kNotFound, HasSubstr("/nowhere.tsv")));
}

}  // namespace
}  // namespace kindred
