#include "index/evaluate/baselines.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;

std::vector<QueryId> ListOf(const Baselines& baselines, Baseline baseline, const NormalizedQuery& source) {
  return baselines.ListsOf(source)[static_cast<size_t>(baseline)];
}

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
    mined_ = *Mine(table_, options);
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
  const Baselines baselines(table_, mined_, table_.queries, 10);
  EXPECT_THAT(Texts(ListOf(baselines, Baseline::kPopularity, *NormalizeQuery("tent"))),
              ElementsAre("lamp", "stove", "axe"));
  const Baselines of_two(table_, mined_, table_.queries, 2);
  EXPECT_THAT(Texts(ListOf(of_two, Baseline::kPopularity, *NormalizeQuery("unseen"))), ElementsAre("lamp", "tent"));
}

TEST_F(BaselinesTest, UserCountComesFirstThenPopularity) {
  const Baselines baselines(table_, mined_, table_.queries, 10);
  EXPECT_THAT(Texts(ListOf(baselines, Baseline::kUserCount, *NormalizeQuery("tent"))),
              ElementsAre("stove", "axe", "lamp"));
  const Baselines of_one(table_, mined_, table_.queries, 1);
  EXPECT_THAT(Texts(ListOf(of_one, Baseline::kUserCount, *NormalizeQuery("tent"))), ElementsAre("stove"));
}

TEST_F(BaselinesTest, EachMeasureOrdersByItsOwnFormula) {
  // On top of the tent's: a lantern that one of the two who searched it searched with a tent (cosine 1/sqrt(5*2) = .32)
  // and everybody's "sale" with two tents of its 6 users (2/sqrt(30) = .37, likelier by chance).
  LogBuilder log;
  log.Search("u", 0, "tent").Search("u", 60, "stove").Search("v", 0, "tent").Search("v", 60, "stove");
  log.Search("w", 0, "tent").Search("w", 60, "lantern").Search("x", 0, "lantern");
  log.Search("y", 0, "tent").Search("y", 60, "sale").Search("z", 0, "tent").Search("z", 7200, "sale");
  for (const char* user : {"a", "b", "c", "d"}) log.Search(user, 0, "sale");
  const EventTable table = log.Table();
  MineOptions options;
  options.min_pair_users = 1;
  const MinedLog mined = *Mine(table, options);
  const Baselines baselines(table, mined, table.queries, 10);
  const auto list = [&](Baseline baseline) {
    std::vector<std::string> texts;
    for (const QueryId id : ListOf(baselines, baseline, *NormalizeQuery("tent"))) {
      texts.emplace_back(table.queries[id].text());
    }
    return texts;
  };
  EXPECT_THAT(list(Baseline::kUserCount), ElementsAre("sale", "stove", "lantern"));  // 2, 2 (by bytes), 1
  EXPECT_THAT(list(Baseline::kCosine), ElementsAre("stove", "sale", "lantern"));     // .63, .37, .32
  // One of sale's two pairs is in one session: 4/(5*2) for the stove, 1/(5*2) for the lantern, 1/(5*6).
  EXPECT_THAT(list(Baseline::kPmiSquared), ElementsAre("stove", "lantern", "sale"));
  // All 10 users: sale is searched with the tent less often (2) than by chance (5 * 6 / 10 = 3), so it comes last; the
  // lantern exactly as often (1), so 0.
  EXPECT_THAT(list(Baseline::kLogLikelihood), ElementsAre("stove", "lantern", "sale"));
}

TEST_F(BaselinesTest, ThreadsDoNotMatter) {
  const Baselines one(table_, mined_, table_.queries, 10), three(table_, mined_, table_.queries, 10, /*threads=*/3);
  for (const NormalizedView query : table_.queries) EXPECT_EQ(three.ListsOf(query), one.ListsOf(query));
}

TEST_F(BaselinesTest, NeverShowsWhatLeadsToAnEmptyPage) {
  LogBuilder log;
  log.SearchWithHits("u", 0, "tent", 9).SearchWithHits("u", 60, "stove", 0).SearchWithHits("v", 0, "lamp", 3);
  const EventTable table = log.Table();
  MineOptions options;
  options.min_pair_users = 1;
  const MinedLog mined = *Mine(table, options);
  const Baselines baselines(table, mined, table.queries, 10);
  for (const Baseline baseline : kBaselines) {
    EXPECT_THAT(ListOf(baselines, baseline, *NormalizeQuery("tent")), ElementsAre(IdOf(table, "lamp")));
    EXPECT_FALSE(BaselineName(baseline).empty());
  }
}

}  // namespace
}  // namespace kindred
