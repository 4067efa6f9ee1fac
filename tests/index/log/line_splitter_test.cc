#include "index/log/line_splitter.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/log/string_source.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;

// Each line as "number:text", "!" before one that is too long.
std::vector<std::string> Lines(const std::string& text, size_t bytes_a_read) {
  BlockBuffer buffer(testing::NewStringSource(text, bytes_a_read));
  LineSplitter splitter(&buffer);
  std::vector<std::string> lines;
  while (true) {
    const auto line = splitter.Next();
    EXPECT_OK(line);
    if (!line->has_value()) return lines;
    lines.push_back(absl::StrCat((*line)->too_long ? "!" : "", (*line)->number, ":", (*line)->text));
  }
}

TEST(LineSplitterTest, CutsAtLineEndsWhateverTheSizeOfTheReads) {
  for (const size_t bytes_a_read : {1, 2, 5, 1000}) {
    EXPECT_THAT(Lines("one\ntwo\r\n\n\r\nfi\rve\nlast", bytes_a_read),
                ElementsAre("1:one", "2:two", "3:", "4:", "5:fi\rve", "6:last"));
    EXPECT_THAT(Lines("one\r", bytes_a_read), ElementsAre("1:one"));
    EXPECT_THAT(Lines("\n", bytes_a_read), ElementsAre("1:"));
    EXPECT_THAT(Lines("", bytes_a_read), ElementsAre());
  }
}

TEST(LineSplitterTest, ALineOfTheLimitIsReadAndALongerOneIsPassedOver) {
  const std::string limit(kMaxRecordBytes, 'x');
  for (const size_t bytes_a_read : {100'000, 10'000'000}) {
    EXPECT_THAT(Lines(absl::StrCat("a\n", limit, "\nb"), bytes_a_read), ElementsAre("1:a", "2:" + limit, "3:b"));
    const std::string head = std::string(256, 'x');
    EXPECT_THAT(Lines(absl::StrCat("a\n", limit, "x\nb"), bytes_a_read), ElementsAre("1:a", "!2:" + head, "3:b"));
    EXPECT_THAT(Lines(absl::StrCat(limit, limit, limit, "\nb\n"), bytes_a_read), ElementsAre("!1:" + head, "2:b"));
    EXPECT_THAT(Lines(limit + limit, bytes_a_read), ElementsAre("!1:" + head));
  }
}

}  // namespace
}  // namespace kindred
