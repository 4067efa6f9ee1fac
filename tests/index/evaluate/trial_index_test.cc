#include "index/evaluate/trial_index.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::LogBuilder;
using ::kindred::testing::TempDir;

std::vector<EventTable> Camping() {
  LogBuilder log;
  for (const char* user : {"u", "v", "w"}) log.Search(user, 0, "tent").Search(user, 60, "stove");
  for (int i = 0; i < 9; ++i) log.Search("x" + std::to_string(i), 0, "lamp");
  return log.Tables();
}

TEST(TrialIndexTest, AnswersFromItsRowsAndGoesWithItsFolder) {
  const TempDir dir;
  const std::vector<EventTable> tables = Camping();
  const std::vector<MinedLog> mined = {*Mine(tables[0], {})};
  {
    ASSERT_OK_AND_ASSIGN(const auto index, TrialIndex::Build(tables, mined, {}, dir.File("trial")));
    EXPECT_EQ(index->lists(), 2u);
    EXPECT_EQ(index->keywords(), 2u);
    ASSERT_OK_AND_ASSIGN(const NormalizedQuery tent, NormalizeQuery("tent"));
    ASSERT_OK_AND_ASSIGN(const Recommendation answer, index->recommender().Recommend("", tent, 10));
    ASSERT_EQ(answer.candidates.size(), 1u);
    EXPECT_EQ(answer.candidates[0].keyword, "stove");
    EXPECT_TRUE(std::filesystem::exists(dir.File("trial")));
  }
  EXPECT_FALSE(std::filesystem::exists(dir.File("trial")));
}

TEST(TrialIndexTest, AFolderThatCannotBeMadeIsAnError) {
  const TempDir dir;
  const std::vector<EventTable> tables = Camping();
  const std::vector<MinedLog> mined = {*Mine(tables[0], {})};
  EXPECT_FALSE(TrialIndex::Build(tables, mined, {}, dir.File("none/trial")).ok());
}

}  // namespace
}  // namespace kindred
