#include "index/evaluate/replay.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::MakeLists;
using ::kindred::testing::TempDir;
using ::kindred::testing::WriteTinyIndex;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

HeldOutPair MakePair(const std::string& source, const std::string& target) {
  return {NormalizeQuery(source).value(), NormalizeQuery(target).value()};
}

class ReplayTest : public ::testing::Test {
 protected:
  ReplayTest() {
    const auto lists = MakeLists({{"tent", {"stove", "lamp"}}, {"lamp", {"tent"}}});
    EXPECT_TRUE(WriteTinyIndex(dir_.File("index"), lists, "tw").ok());
    recommender_ = std::make_unique<Recommender>(
        std::shared_ptr<const IndexReader>(IndexReader::Open(dir_.File("index"), {}).value()));
  }

  TempDir dir_;
  std::unique_ptr<const Recommender> recommender_;
};

TEST_F(ReplayTest, RanksEachPairsTargetInItsSourcesList) {
  const std::vector<HeldOutPair> pairs = {MakePair("tent", "lamp"), MakePair("lamp", "stove"),
                                          MakePair("Tent", "STOVE"), MakePair("zzzz", "tent")};
  ASSERT_OK_AND_ASSIGN(const Replay replay, ReplayPairs(*recommender_, "tw", pairs, 10));
  EXPECT_THAT(replay.ranks, ElementsAre(Optional(2u), std::nullopt, Optional(1u), std::nullopt));
  EXPECT_EQ(replay.answers.size(), 3u);  // One a distinct source.
  EXPECT_THAT(replay.answer_of, ElementsAre(0, 1, 0, 2));
  EXPECT_EQ(replay.answer(2)[1].keyword, "lamp");
  EXPECT_THAT(replay.answer(3), IsEmpty());
}

TEST_F(ReplayTest, WhatIsBelowTheLimitIsNotShown) {
  ASSERT_OK_AND_ASSIGN(const Replay replay, ReplayPairs(*recommender_, "tw", {MakePair("tent", "lamp")}, 1));
  EXPECT_THAT(replay.ranks, ElementsAre(std::nullopt));
}

TEST_F(ReplayTest, AMarketThatTheIndexLacksAnswersNothing) {
  ASSERT_OK_AND_ASSIGN(const Replay replay, ReplayPairs(*recommender_, "jp", {MakePair("tent", "lamp")}, 10));
  EXPECT_THAT(replay.answer(0), IsEmpty());
}

}  // namespace
}  // namespace kindred
