#include "index/mine/key_ranks.h"

#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::ElementsAreArray;

// Of few words, so that many begin alike, and many are the beginning of another.
NormalizedQuery RandomQuery(std::mt19937& random) {
  static constexpr absl::string_view kPieces[] = {"a", "b", "ab", " gears of war", "耳", "藍牙", "7"};
  std::string text;
  for (unsigned pieces = random() % 12; pieces > 0; --pieces) absl::StrAppend(&text, kPieces[random() % 7]);
  return NormalizeQuery(text).value();
}

TEST(OrderOfQueriesTest, IsByBytes) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::set<std::string> texts;
    std::vector<NormalizedQuery> queries;
    for (unsigned i = random() % 300; i > 0; --i) {
      NormalizedQuery query = RandomQuery(random);
      if (texts.emplace(query.text()).second) queries.push_back(std::move(query));
    }
    std::vector<std::string> in_order;
    for (const uint32_t id : OrderOfQueries(static_cast<uint32_t>(queries.size()),
                                            [&](uint32_t query) { return NormalizedView(queries.at(query)); })) {
      in_order.emplace_back(queries.at(id).text());
    }
    EXPECT_THAT(in_order, ElementsAreArray(texts)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace kindred
