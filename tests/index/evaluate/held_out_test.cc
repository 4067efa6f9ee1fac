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

}  // namespace
}  // namespace kindred
