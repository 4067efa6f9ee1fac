#include "index/build/build_report.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "index/store/index_reader.h"
#include "tests/index/build/golden_log.h"
#include "tests/testing/random_log.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::kGoldenLog;
using ::kindred::testing::TempDir;
using ::kindred::testing::WriteRandomLog;
using ::testing::ElementsAre;

TEST(WriteBuildReportTest, EveryVersionTellsHowItWasBuilt) {
  const TempDir dir;
  BuildOptions options;
  options.log.inputs = {kGoldenLog};
  options.index_dir = dir.File("index");
  options.mine.history.max_user_queries_per_day = 30;
  Progress progress(Progress::Output::kQuiet);
  ASSERT_OK_AND_ASSIGN(const BuildResult result, BuildIndex(options, progress));
  std::ifstream file(dir.File("index/1/report.json"));
  const std::string json(std::istreambuf_iterator<char>(file), {});
  index::v1::BuildReport report;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &report).ok()) << json;

  EXPECT_EQ(report.version(), 1u);
  EXPECT_EQ(report.inputs(0), kGoldenLog);
  EXPECT_GT(report.peak_memory_bytes(), 0u);
  std::vector<std::string> stages;
  double seconds = 0;
  for (const index::v1::BuildStage& stage : report.stages()) {
    stages.push_back(stage.name());
    seconds += stage.seconds();
  }
  EXPECT_THAT(stages, ElementsAre("read", "measure", "compare", "mine", "rank", "write"));
  EXPECT_GE(seconds, .5 * report.build_seconds());
  EXPECT_EQ(report.log().rows(), result.rows.rows);
  EXPECT_EQ(report.log().dropped().at("robot"), result.info.log().dropped().at("robot"));
  ASSERT_EQ(report.markets_size(), 2);
  EXPECT_EQ(report.markets(1).name(), "tw");
  EXPECT_EQ(report.markets(1).kept_pairs(), result.mined[1].pairs.kept_pairs);
  EXPECT_EQ(report.markets(1).lists(), result.ranked[1].lists);
  EXPECT_EQ(report.markets(1).caps_cut().count("walks"), 1u);
}

// It is no part of what is served: whoever loses or edits it takes no version out of service.
TEST(WriteBuildReportTest, AVersionServesWithoutIt) {
  const TempDir dir;
  BuildOptions options;
  options.log.inputs = {kGoldenLog};
  options.index_dir = dir.File("index");
  Progress progress(Progress::Output::kQuiet);
  ASSERT_OK(BuildIndex(options, progress));
  dir.Write("index/1/report.json", "{}");
  EXPECT_OK(IndexReader::Open(dir.File("index/1"), {}));
}

TEST(WriteBuildReportTest, TellsWhatWentThroughTheDisk) {
  const TempDir dir;
  BuildOptions options;
  options.log.inputs = {WriteRandomLog(dir.File("log.tsv"), 3, 100000)};
  options.index_dir = dir.File("index");
  options.measure = false;
  options.resources.temp_dir = dir.path();
  for (const bool tight : {false, true}) {
    options.resources.memory_budget_bytes = tight ? 1 << 20 : 1 << 30;
    Progress progress(Progress::Output::kQuiet);
    ASSERT_OK_AND_ASSIGN(const BuildResult result, BuildIndex(options, progress));
    const index::v1::BuildReport report = MakeBuildReport(result, {});
    EXPECT_EQ(report.memory_budget_bytes(), tight ? 1u << 20 : 1u << 30);
    EXPECT_EQ(report.spilled_bytes() > 0, tight);
    EXPECT_EQ(FormatBuild(result).find("went through --temp_dir") != std::string::npos, tight);
  }
}

TEST(CapsCutTest, NamesEachCap) {
  MineReport mined;
  mined.pairs.users_over_history_cap = 1;
  mined.users_over_item_cap = 2;
  mined.pairs.sessions_over_cap = 3;
  RankedCounts ranked;
  ranked.caps.rows_cut = 4;
  ranked.caps.word_pools_cut = 5;
  ranked.caps.products_of_query_cut = 6;
  ranked.caps.queries_of_product_cut = 7;
  ranked.caps.walks_cut = 8;
  std::vector<std::string> caps;
  for (const auto& [cap, cut] : CapsCut(mined, ranked)) caps.push_back(absl::StrCat(cap, " ", cut));
  EXPECT_THAT(caps, ElementsAre("user histories 1", "user products 2", "sessions 3", "rows 4", "word pools 5",
                                "query products 6", "product queries 7", "walks 8"));
}

}  // namespace
}  // namespace kindred
