#include "index/build/publish_shards.h"

#include <filesystem>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/store/index_reader.h"
#include "tests/index/stage/stage_log.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::StageLog;
using testing::StageNumbers;

BuildOptions Options(const StageLog& log) {
  BuildOptions options;
  options.log = log.log;
  options.index_dir = log.dir.File("index");
  options.rank.min_users = 0;
  options.measure = false;
  return options;
}

class PublishShardsTest : public ::testing::Test {
 protected:
  // Every stage, and what publish finds in the root's folder.
  absl::StatusOr<BuildResult> Build(StageLog& log, const StageNumbers& numbers, uint32_t ranked) {
    const BuildOptions options = Options(log);
    RETURN_IF_ERROR(log.Read(numbers));
    RETURN_IF_ERROR(log.Mine(numbers, options.mine));
    ASSIGN_OR_RETURN(const auto root, IndexRootWriter::Open(options.index_dir));
    ASSIGN_OR_RETURN(const IndexVersion version, root->NextVersion());
    const std::string folder = ShardsPath(*root, version);
    std::filesystem::create_directory(folder);
    for (uint32_t part = 0; part < ranked; ++part) {
      RETURN_IF_ERROR(RankPart(log.dir.File("dictionary"), log.dir.File("mined"), options.rank, {part, ranked},
                               1 + part % 2, {.output_dir = folder, .spill = {}}));
    }
    for (const char* name : {"dictionary", "mined"}) std::filesystem::copy(log.dir.File(name), folder + "/" + name);
    if (!lose.empty()) std::filesystem::remove(folder + "/" + lose);
    Progress progress(Progress::Output::kQuiet);
    return PublishShards(options, folder, ranked, absl::Now(), version, *root, progress);
  }

  std::string lose;  // A file that does not arrive.
};

TEST_F(PublishShardsTest, TheContentIsThatOfASingleProcessWhateverTheParts) {
  for (const auto& [numbers, ranked] : {std::pair(StageNumbers{1 << 30, 1, 1}, 1u), std::pair(StageNumbers{}, 3u),
                                        std::pair(StageNumbers{900, 9, 30}, 40u)}) {
    StageLog log(5, 900);
    ASSERT_OK_AND_ASSIGN(const BuildResult stages, Build(log, numbers, ranked));
    Progress progress(Progress::Output::kQuiet);
    ASSERT_OK_AND_ASSIGN(const BuildResult once, BuildIndex(Options(log), progress));
    EXPECT_EQ(stages.info.content_checksum(), once.info.content_checksum());
    EXPECT_EQ(stages.info.rows(), once.info.rows());
    EXPECT_GT(stages.info.rows(), 20u);
    EXPECT_TRUE(stages.published);
    EXPECT_EQ(once.info.version(), stages.info.version() + 1);
    index::v1::IndexInfo a = stages.info, b = once.info;
    EXPECT_EQ(a.log().DebugString(), b.log().DebugString());
    ASSERT_EQ(a.markets_size(), b.markets_size());
    for (int i = 0; i < a.markets_size(); ++i) {
      EXPECT_EQ(a.markets(i).DebugString(), b.markets(i).DebugString());
    }
    EXPECT_EQ(a.default_market(), b.default_market());
    EXPECT_EQ(stages.ranked[0].caps.rows_cut, once.ranked[0].caps.rows_cut);
  }
}

TEST_F(PublishShardsTest, APartThatDidNotArriveFailsTheBuildAndLeavesNothing) {
  for (const char* name : {"lists-00001", "rows-0-00001.sst", "mined", "dictionary"}) {
    StageLog log(5, 900);
    lose = name;
    EXPECT_FALSE(Build(log, {}, 3).ok()) << name;
    EXPECT_FALSE(IndexRoot(log.dir.File("index")).Active().value().has_value());
    for (const auto& entry : std::filesystem::directory_iterator(log.dir.File("index"))) {
      EXPECT_EQ(entry.path().filename(), ".LOCK");
    }
  }
}

TEST_F(PublishShardsTest, ALogWithoutRelatedKeywordsIsRefused) {
  StageLog log(5, 900);
  log.dir.Write("log.tsv", "user\ttime\tquery\nu\t1700000000\ttent\nv\t1700000000\tboots\n");
  EXPECT_THAT(Build(log, {}, 2), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("no query of the log has")));
}

}  // namespace
}  // namespace kindred
