#include "index/mine/key_ranks.h"

#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

// Of few words, so that many begin alike, and many are the beginning of another.
NormalizedQuery RandomQuery(std::mt19937& random) {
  static constexpr absl::string_view kPieces[] = {"a", "b", "ab", " gears of war", "耳", "藍牙", "7"};
  std::string text;
  for (unsigned pieces = random() % 12; pieces > 0; --pieces) absl::StrAppend(&text, kPieces[random() % 7]);
  return NormalizeQuery(text).value();
}

TEST(RanksOfQueriesTest, AreOfTheOrderByBytes) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::set<std::string> texts;
    std::vector<NormalizedQuery> queries;
    for (unsigned i = random() % 300; i > 0; --i) {
      NormalizedQuery query = RandomQuery(random);
      if (texts.emplace(query.text()).second) queries.push_back(std::move(query));
    }
    const std::vector<uint32_t> ranks = RanksOfQueries(std::vector<NormalizedView>(queries.begin(), queries.end()));
    ASSERT_EQ(ranks.size(), queries.size());
    const std::vector<std::string> in_order(texts.begin(), texts.end());
    for (size_t i = 0; i < queries.size(); ++i) {
      ASSERT_LT(ranks[i], in_order.size()) << "seed " << seed;
      EXPECT_EQ(in_order[ranks[i]], queries[i].text()) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace kindred
