#include "index/lookup/query_parts.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/text/word_segmenter.h"
#include "tests/index/lookup/tiny_near_index.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::Normal;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Of a query as typed; those of all words begin with "*".
std::vector<std::string> PartsOfTyped(const std::string& typed) {
  const auto segmenter = WordSegmenter::Create();
  EXPECT_OK(segmenter);
  const NormalizedQuery query = Normal(typed);
  std::vector<std::string> texts;
  for (const QueryPart& part : PartsOf(query, (*segmenter)->Words(query))) {
    texts.push_back((part.has_all_words ? "*" : "") + std::string(part.query.text()));
  }
  return texts;
}

TEST(PartsOfTest, AllWordsInOtherOrdersThenRunsLongestFirst) {
  EXPECT_THAT(PartsOfTyped("Red Tent"), ElementsAre("*tent red", "red", "tent"));
  EXPECT_THAT(PartsOfTyped("a b c"),
              ElementsAre("*a c b", "*b a c", "*b c a", "*c a b", "*c b a", "a b", "b c", "a", "b", "c"));
  EXPECT_THAT(PartsOfTyped("a b c d"), ElementsAre("a b c", "b c d", "a b", "b c", "c d", "a", "b", "c", "d"));
}

TEST(PartsOfTest, ChineseIsCutIntoWords) {
  EXPECT_THAT(PartsOfTyped("飼料 狗"), ElementsAre("*狗饲料", "饲料", "狗"));
  EXPECT_THAT(PartsOfTyped("sony耳機"), ElementsAre("*耳机 sony", "sony", "耳机"));
}

TEST(PartsOfTest, NoneIsTheQueryOrComesTwice) {
  EXPECT_THAT(PartsOfTyped("tent tent"), ElementsAre("tent"));
  EXPECT_THAT(PartsOfTyped("a b a"), ElementsAre("*a a b", "*b a a", "a b", "b a", "a", "b"));
}

TEST(PartsOfTest, OneWordAndManyHaveNone) {
  EXPECT_THAT(PartsOfTyped("tent"), IsEmpty());
  EXPECT_THAT(PartsOfTyped("a b c d e f"), IsEmpty());
  EXPECT_THAT(PartsOf(NormalizedQuery(), {}), IsEmpty());
}

}  // namespace
}  // namespace kindred
