#include "index/evaluate/context_quality.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/evaluate/trial_index.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::kDay;
using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kCutMs = LogBuilder::kStartMs + static_cast<int64_t>(10 * kDay * 1000);

// What people searched after a tent: a stove, and less often a pan; after a lamp, a torch.
LogBuilder Shop() {
  LogBuilder log;
  const auto follow = [&log](const std::string& first, const std::string& second, int people) {
    for (int i = 0; i < people; ++i) {
      const std::string user = first + second + std::to_string(i);
      log.Search(user, i * kDay, first).Search(user, i * kDay + 60, second);
    }
  };
  follow("tent", "stove", 8);
  follow("tent", "pan", 3);
  follow("lamp", "torch", 6);
  return log;
}

// The ranks of the only trial of a later visit that searches these, by method; 0: not shown.
std::vector<uint32_t> RanksInVisit(const std::vector<std::string>& queries) {
  LogBuilder log = Shop();
  for (size_t i = 0; i < queries.size(); ++i) log.Search("v", 20 * kDay + 60.0 * static_cast<double>(i), queries[i]);
  const std::vector<EventTable> tables = log.Tables();
  MineOptions mine;
  mine.min_pair_users = 1;
  const std::vector<MinedLog> mined = {*Mine(tables[0], mine, {INT64_MIN, kCutMs})};
  RankOptions rank;
  rank.min_users = 1;
  const auto index = TrialIndex::Build(tables, mined, rank);
  EXPECT_OK(index.status());
  std::vector<ContextQuality> methods;
  EXPECT_OK(AddContextQuality(tables[0], mine.history, {kCutMs, INT64_MAX}, (*index)->recommender(), kMaxContextTrials,
                              2, methods));
  std::vector<uint32_t> ranks;
  for (const ContextQuality& method : methods) {
    if (method.metrics.trials() == 0) continue;
    EXPECT_EQ(method.metrics.trials(), 1u) << method.method;
    uint32_t rank = 10;
    while (rank > 0 && method.metrics.CountAt(rank) == 0) --rank;
    ranks.push_back(rank);
  }
  return ranks;
}

TEST(ContextQualityTest, WhatWasSearchedMakesRoom) {
  EXPECT_THAT(RanksInVisit({"stove", "tent", "pan"}), ElementsAre(2, 1, 1, 1));
}

TEST(ContextQualityTest, WhoGoesBackIsLost) {
  EXPECT_THAT(RanksInVisit({"stove", "tent", "stove"}), ElementsAre(1, 0, 0, 0));
}

TEST(ContextQualityTest, TheListOfTheQueryBeforeStandsBehindTheOwn) {
  EXPECT_THAT(RanksInVisit({"lamp", "tent", "torch"}), ElementsAre(0, 0, 3, 3));
}

TEST(ContextQualityTest, VisitsOfTwoSearchesAreNoTrials) { EXPECT_THAT(RanksInVisit({"tent", "stove"}), IsEmpty()); }

}  // namespace
}  // namespace kindred
