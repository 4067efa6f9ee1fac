#include "index/rank/word_tags.h"

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;

TEST(WordTagsTest, TheCommonestWordsHaveTagsOfTheirOwnAndThoseOfOneQueryNone) {
  const std::vector<uint32_t> holders = {2, 1, 9, 4, 2, 0};
  EXPECT_THAT(TagsOfWords(holders), ElementsAre(3, 0, 1, 2, 4, 0));
  const std::vector<WordTag> tags = TagsOfWords(holders, 3);
  EXPECT_THAT(tags, ElementsAre(3, 0, 1, 2, 7, 0));
}

TEST(WordTagsTest, AQueryOfMoreTaggedWordsThanFitIsUntold) {
  const std::vector<WordTag> tags = {1, 2, 3, 4, 5, 6, 7, 8, 0};
  const std::vector<uint32_t> seven = {0, 1, 2, 3, 4, 5, 6, 8}, eight = {0, 1, 2, 3, 4, 5, 6, 7};
  EXPECT_TRUE((QueryMarks{TagsOf(seven, tags), 0}).told());
  EXPECT_FALSE((QueryMarks{TagsOf(eight, tags), 0}).told());
}

TEST(TagMatcherTest, FindsWhatIsInBothAndTellsWhereItCannot) {
  std::mt19937 engine(3);
  const auto random = [&](uint32_t limit) { return static_cast<uint32_t>(engine() % limit); };
  const auto words = [&](uint32_t most) {
    std::set<uint32_t> distinct;
    for (uint32_t i = random(most + 1); i > 0; --i) distinct.insert(random(14));
    return std::vector<uint32_t>(distinct.begin(), distinct.end());
  };
  // Word 0 stands in one query; 12 and 13 share a tag.
  std::vector<WordTag> tags = {0};
  for (WordTag tag = 1; tag < 12; ++tag) tags.push_back(tag);
  tags.insert(tags.end(), {kFirstVagueTag, kFirstVagueTag});
  for (int i = 0; i < 3000; ++i) {
    const std::vector<uint32_t> source = words(12), query = words(10);
    TagMatcher matcher;
    for (const uint32_t word : source) matcher.Add(tags[word], word % 3 == 0);
    // The mark of the products is no word, whatever it looks like.
    const TagMatcher::Match match = matcher.Find({TagsOf(query, tags), static_cast<uint16_t>(random(14))});
    uint32_t all = 0, hubs = 0, tagged = 0, vague_of_source = 0, vague_of_query = 0;
    for (const uint32_t word : query) {
      tagged += word != 0;
      vague_of_query += word >= 12;
      const bool found = word != 0 && std::count(source.begin(), source.end(), word) > 0;
      all += found;
      hubs += found && word % 3 == 0;
    }
    for (const uint32_t word : source) vague_of_source += word >= 12;
    EXPECT_EQ(match.certain, tagged <= QueryMarks::kWords && (vague_of_source == 0 || vague_of_query == 0));
    if (!match.certain) continue;
    EXPECT_EQ(match.all, all);
    EXPECT_EQ(match.hubs, hubs);
  }
}

}  // namespace
}  // namespace kindred
