#include "index/stage/mined_blocks.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/stage/stage_log.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::StageLog;

TEST(MinedBlocksTest, ReadsWhatWasWritten) {
  const testing::TempDir dir;
  std::vector<MinedLog> markets(2);
  markets[1].pairs.push_back({.a = 1, .b = 2, .users = 3});
  markets[1].counts.resize(3);
  markets[1].counts[2].searches = 9;
  markets[1].report.searches = 9;
  ASSERT_OK(WriteMined(dir.File("mined"), markets));
  ASSERT_OK_AND_ASSIGN(const std::vector<MinedLog> read, ReadMined(dir.File("mined")));
  ASSERT_EQ(read.size(), 2u);
  EXPECT_TRUE(read[1].pairs == markets[1].pairs);
  EXPECT_EQ(read[1].counts[2].searches, 9u);
  EXPECT_EQ(read[1].report.searches, 9u);
}

TEST(MinedBlocksTest, PartsInTheWrongOrderAreTold) {
  StageLog stages(3, 600);
  ASSERT_OK(stages.Read({}));
  ASSERT_OK(stages.Mine({}, {}));
  ASSERT_OK_AND_ASSIGN(const LogDictionary dictionary, ReadDictionary(stages.dir.File("dictionary")));
  ASSERT_OK_AND_ASSIGN(std::vector<std::string> counts, BlocksIn(stages.dir.File("counts"), "counts"));
  ASSERT_OK_AND_ASSIGN(const std::vector<std::string> reports, BlocksIn(stages.dir.File("counts"), "report"));
  ASSERT_OK(MergeCounts(dictionary, counts, reports));
  std::swap(counts.front(), counts.back());
  EXPECT_THAT(MergeCounts(dictionary, counts, reports),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("out of order")));
}

}  // namespace
}  // namespace kindred
