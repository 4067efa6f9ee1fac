#include "index/evaluate/baselines.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;

class BaselinesTest : public ::testing::Test {
 protected:
  // Searches: lamp 4, tent 3, stove 2, axe 1. With tent: stove by two users, axe by one.
  BaselinesTest() {
    LogBuilder log;
    log.Search("u", 0, "tent").Search("u", 60, "stove").Search("v", 0, "tent").Search("v", 60, "stove");
    log.Search("w", 0, "tent").Search("w", 60, "axe");
    for (const char* user : {"a", "b", "c", "d"}) log.Search(user, 0, "lamp");
    table_ = log.Table();
    MineOptions options;
    options.min_pair_users = 1;
    mined_ = Mine(table_, options);
  }

  std::vector<std::string> Texts(const std::vector<QueryId>& ids) {
    std::vector<std::string> texts;
    for (const QueryId id : ids) texts.emplace_back(table_.queries[id].text());
    return texts;
  }

  EventTable table_;
  MinedLog mined_;
};

TEST_F(BaselinesTest, PopularityLeavesTheSourceOut) {
  const Baselines baselines(table_, mined_);
  EXPECT_THAT(Texts(baselines.Popularity(*NormalizeQuery("tent"), 10)), ElementsAre("lamp", "stove", "axe"));
  EXPECT_THAT(Texts(baselines.Popularity(*NormalizeQuery("unseen"), 2)), ElementsAre("lamp", "tent"));
}

TEST_F(BaselinesTest, UserCountComesFirstThenPopularity) {
  const Baselines baselines(table_, mined_);
  EXPECT_THAT(Texts(baselines.UserCountFilled(*NormalizeQuery("tent"), 10)), ElementsAre("stove", "axe", "lamp"));
  EXPECT_THAT(Texts(baselines.UserCountFilled(*NormalizeQuery("tent"), 1)), ElementsAre("stove"));
}

}  // namespace
}  // namespace kindred
