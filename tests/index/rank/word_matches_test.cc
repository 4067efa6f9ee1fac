#include "index/rank/word_matches.h"

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(WordMatchesTest, CountsWhatIsInBothForAnyNumberOfQueries) {
  std::mt19937 engine(3);
  const auto random = [&](uint32_t limit) { return static_cast<uint32_t>(engine() % limit); };
  WordMatches matches;
  for (const uint32_t queries : {0u, 1u, 7u, 8u, 9u, 300u, 20u}) {
    std::vector<std::array<uint32_t, WordMatches::kWords>> rows(queries);
    matches.Start(queries);
    for (auto& row : rows) {
      row.fill(UINT32_MAX);
      std::set<uint32_t> distinct;
      for (uint32_t i = random(5); i > 0; --i) distinct.insert(random(10));
      std::copy(distinct.begin(), distinct.end(), row.begin());
      matches.Append(row);
    }
    const std::vector<uint32_t> words = {2, 3, 5, 7, 8}, marked = {0, 1, 0, 0, 1};
    matches.Count(words, marked);
    ASSERT_EQ(matches.all().size(), queries);
    ASSERT_EQ(matches.marked().size(), queries);
    for (uint32_t i = 0; i < queries; ++i) {
      uint32_t all = 0, of_marked = 0;
      for (size_t word = 0; word < words.size(); ++word) {
        const bool found = std::find(rows[i].begin(), rows[i].end(), words[word]) != rows[i].end();
        all += found ? 1 : 0;
        of_marked += found ? marked[word] : 0;
      }
      EXPECT_EQ(matches.all()[i], all);
      EXPECT_EQ(matches.marked()[i], of_marked);
    }
  }
}

}  // namespace
}  // namespace kindred
