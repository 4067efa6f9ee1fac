#include "index/log/line_pass.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/log/block_reader.h"
#include "tests/index/log/string_source.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;

// Each line as "number:text", "!" before one that is too long.
std::vector<std::string> Lines(const std::string& text, size_t block_bytes) {
  BlockReader reader(testing::NewStringSource(text), block_bytes);
  std::vector<std::string> lines;
  uint64_t before = 0;
  while (true) {
    EventBatch batch;
    const auto more = reader.Next(CutLines, batch.block);
    EXPECT_OK(more);
    if (!*more) return lines;
    ForEachLine(batch, [&](absl::string_view line, bool too_long) {
      lines.push_back(absl::StrCat(too_long ? "!" : "", before + batch.tally.lines, ":", line));
    });
    before += batch.tally.lines;
  }
}

TEST(LinePassTest, GivesLinesButForBlankOnes) {
  for (const size_t block_bytes : {1, 2, 5, 1000}) {
    EXPECT_THAT(Lines("one\ntwo\r\n\n\r\n fi\rve \nlast", block_bytes),
                ElementsAre("1:one", "2:two", "5:fi\rve", "6:last"));
    EXPECT_THAT(Lines("one\r", block_bytes), ElementsAre("1:one"));
    EXPECT_THAT(Lines("\n", block_bytes), ElementsAre());
    EXPECT_THAT(Lines("", block_bytes), ElementsAre());
  }
}

TEST(LinePassTest, ALineOfTheLimitIsReadAndALongerOneIsPassedOver) {
  const std::string limit(kMaxRecordBytes, 'x');
  for (const size_t block_bytes : {100'000, 10'000'000}) {
    EXPECT_THAT(Lines(absl::StrCat("a\n", limit, "\nb"), block_bytes), ElementsAre("1:a", "2:" + limit, "3:b"));
    const std::string head = std::string(256, 'x');
    EXPECT_THAT(Lines(absl::StrCat("a\n", limit, "x\nb"), block_bytes), ElementsAre("1:a", "!2:" + head, "3:b"));
    EXPECT_THAT(Lines(absl::StrCat(limit, limit, limit, "\nb\n"), block_bytes), ElementsAre("!1:" + head, "2:b"));
    EXPECT_THAT(Lines(limit + limit, block_bytes), ElementsAre("!1:" + head));
  }
}

}  // namespace
}  // namespace kindred
