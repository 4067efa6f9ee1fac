#include "index/build/sample_vocabulary.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(SampleVocabularyTest, HoldsHundredsOfWholeTopicsInManyCategories) {
  const std::vector<SampleTopic> topics = SampleTopics(SampleMarket::kTaiwan);
  EXPECT_GE(topics.size(), 200u);
  std::set<std::string> categories, names;
  for (const SampleTopic& topic : topics) {
    ASSERT_FALSE(topic.heads.empty());
    SCOPED_TRACE(topic.heads[0]);
    categories.insert(topic.category);
    EXPECT_TRUE(names.insert(topic.heads[0]).second) << "a topic twice";
    EXPECT_THAT(topic.brands, Not(IsEmpty()));
    EXPECT_THAT(topic.models, Not(IsEmpty()));
    EXPECT_THAT(topic.modifiers, Not(IsEmpty()));
    EXPECT_THAT(topic.complements, Not(IsEmpty()));
    for (const std::string& respelling : topic.respellings) EXPECT_NE(respelling, topic.heads[0]);
  }
  EXPECT_GE(categories.size(), 15u);
}

TEST(SampleVocabularyTest, ReadsNamesOfOneProductTogether) {
  EXPECT_THAT(
      SampleTopics(SampleMarket::kTaiwan),
      Contains(Field(&SampleTopic::models, Contains(std::vector<std::string>{"airpods pro", "airpods pro 2"}))));
}

TEST(SampleVocabularyTest, EveryCategoryHasWordsOfItsOwn) {
  const std::vector<SampleAttributes> attributes = SampleAttributesOfCategories();
  for (const SampleTopic& topic : SampleTopics(SampleMarket::kTaiwan)) {
    EXPECT_THAT(attributes, Contains(Field(&SampleAttributes::category, topic.category))) << topic.heads[0];
  }
  for (const SampleAttributes& words : attributes) EXPECT_THAT(words.words, Not(IsEmpty())) << words.kind;
}

TEST(SampleVocabularyTest, MarketsShareSomeNamesOnly) {
  std::set<std::string> taiwan;
  for (const SampleTopic& topic : SampleTopics(SampleMarket::kTaiwan)) taiwan.insert(topic.heads[0]);
  int shared = 0, own = 0;
  for (const SampleTopic& topic : SampleTopics(SampleMarket::kJapan)) {
    EXPECT_EQ(topic.category, "日系");
    ++(taiwan.count(topic.heads[0]) > 0 ? shared : own);
  }
  EXPECT_GE(shared, 10);
  EXPECT_GE(own, 4);
}

TEST(SampleVocabularyTest, HubQueriesNameNoTopic) {
  EXPECT_THAT(SampleHubQueries(SampleMarket::kTaiwan), Contains("免運"));
  for (const SampleTopic& topic : SampleTopics(SampleMarket::kTaiwan)) {
    EXPECT_THAT(SampleHubQueries(SampleMarket::kTaiwan), Not(Contains(topic.heads[0])));
  }
}

}  // namespace
}  // namespace kindred
