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

TEST(MinedBlocksTest, PartsAreMergedInTheirOrderOnly) {
  StageLog stages(3, 600);
  ASSERT_OK(stages.Read({}));
  ASSERT_OK(stages.Mine({}, {}));
  ASSERT_OK_AND_ASSIGN(const LogDictionary dictionary, ReadDictionary(stages.dir.File("dictionary")));
  ASSERT_OK_AND_ASSIGN(std::vector<std::string> counts, BlocksIn(stages.dir.File("counts"), "counts"));
  ASSERT_OK_AND_ASSIGN(const std::vector<std::string> reports, BlocksIn(stages.dir.File("counts"), "report"));
  const std::string path = stages.dir.File("merged");
  ASSERT_OK(MergeCounts(dictionary, counts, reports, path));
  ASSERT_OK_AND_ASSIGN(const std::vector<MinedLog> mined, ReadMined(path));
  ASSERT_OK_AND_ASSIGN(const std::vector<MineReport> told, ReadMineReports(path));
  ASSERT_EQ(told.size(), mined.size());
  ASSERT_EQ(told.size(), dictionary.markets.size());
  for (size_t i = 0; i < told.size(); ++i) {
    EXPECT_GT(told[i].searches, 0u);
    EXPECT_EQ(told[i].searches, mined[i].report.searches);
    EXPECT_EQ(told[i].pairs.kept_pairs, mined[i].pairs.size());
  }
  std::swap(counts.front(), counts.back());
  EXPECT_THAT(MergeCounts(dictionary, counts, reports, path),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("out of order")));
}

}  // namespace
}  // namespace kindred
