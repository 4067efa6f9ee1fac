#include "index/evaluate/held_out.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;
using ::testing::Pair;

TEST(HeldOutTest, PairsAreNeighboursOfOneSessionThatDiffer) {
  const EventTable table = LogBuilder()
                               .Search("u", 0, "tent")
                               .Search("u", 60, "Tent")
                               .Search("u", 120, "stove")
                               .Search("u", 180, "lamp")
                               .Search("u", 99999, "boots")
                               .Search("v", 0, "axe")
                               .Table();
  std::vector<std::pair<std::string, std::string>> pairs;
  ASSERT_OK_AND_ASSIGN(const std::vector<HeldOutPair> held_out, HeldOutPairs(table, {}));
  for (const HeldOutPair& pair : held_out) {
    pairs.emplace_back(pair.source.text(), pair.target.text());
  }
  EXPECT_THAT(pairs, ElementsAre(Pair("tent", "stove"), Pair("stove", "lamp")));
}

TEST(HeldOutTest, RobotsAreNoTest) {
  LogBuilder log;
  for (int i = 0; i < 300; ++i) log.Search("robot", i * 5, "query " + std::to_string(i));
  EXPECT_THAT(*HeldOutPairs(log.Table(), {}), ::testing::IsEmpty());
}

TEST(HeldOutTest, ThreadsDoNotMatterAndEarlierUsersCanBeLeftOut) {
  LogBuilder log;
  for (int user = 0; user < 50; ++user) {
    log.Search("u" + std::to_string(user), user, "tent").Search("u" + std::to_string(user), user + 9, "stove");
    log.Search("u" + std::to_string(user), user + 20, "lamp" + std::to_string(user));
  }
  const EventTable table = log.Table();
  const auto lamps = [](const std::vector<HeldOutIds>& pairs) {
    std::vector<QueryId> targets;
    for (const HeldOutIds& pair : pairs) targets.push_back(pair.target);
    return targets;
  };
  ASSERT_OK_AND_ASSIGN(const auto one, FindHeldOut(table, {}, {}, 1));
  ASSERT_OK_AND_ASSIGN(const auto three, FindHeldOut(table, {}, {}, 3));
  EXPECT_EQ(one.size(), 100u);
  EXPECT_EQ(lamps(one), lamps(three));
  ASSERT_OK_AND_ASSIGN(const auto late, FindHeldOut(table, {}, {.users_since_ms = LogBuilder::kStartMs + 40'000}, 1));
  EXPECT_EQ(late.size(), 20u);
}

TEST(HeldOutTest, ThinningSpreadsTheLimitOverAllMarkets) {
  std::vector<std::vector<HeldOutIds>> markets(2);
  for (QueryId i = 0; i < 90; ++i) markets[0].push_back({i, 0});
  for (QueryId i = 0; i < 10; ++i) markets[1].push_back({i, 1});
  auto thinned = markets;
  Thin(thinned, 100);
  EXPECT_EQ(thinned[0].size(), 90u);
  Thin(thinned, 20);
  ASSERT_EQ(thinned[0].size(), 18u);
  ASSERT_EQ(thinned[1].size(), 2u);
  for (QueryId i = 0; i < 18; ++i) EXPECT_EQ(thinned[0][i].source, 5 * i + 4);
}

}  // namespace
}  // namespace kindred
