#include "index/build/sample_truth.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SampleTruthTest : public ::testing::Test {
 protected:
  const SampleTruth truth_{SampleMarket::kTaiwan, {.rows = 100'000, .seed = 1}};
};

TEST_F(SampleTruthTest, TellsTheTopicInAnySpelling) {
  for (const char* spelling : {"藍牙耳機", "藍芽耳機", "蓝牙耳机", "無線耳機", "airpods pro", "AirPods Pro",
                               "ａｉｒｐｏｄｓ　ｐｒｏ", "airpodspro", "sony 藍牙耳機", "sony蓝牙耳机"}) {
    SCOPED_TRACE(spelling);
    ASSERT_THAT(truth_.TopicsOf(spelling), SizeIs(1));
    EXPECT_EQ(truth_.TopicName(truth_.TopicsOf(spelling)[0]), "藍牙耳機");
    EXPECT_EQ(truth_.Category(truth_.TopicsOf(spelling)[0]), "3C");
  }
}

TEST_F(SampleTruthTest, BrandsBelongToAllTheirTopics) {
  const std::vector<uint32_t> topics = truth_.TopicsOf("sony");
  EXPECT_GE(topics.size(), 4u);
  EXPECT_TRUE(std::is_sorted(topics.begin(), topics.end()));
  EXPECT_THAT(topics, Contains(truth_.TopicsOf("藍牙耳機")[0]));
}

TEST_F(SampleTruthTest, HubsAreATopicApart) { EXPECT_THAT(truth_.TopicsOf("免運"), ElementsAre(truth_.hub_topic())); }

TEST_F(SampleTruthTest, TopicsThatBelongTogetherAreRelatedEitherWayRound) {
  const auto topic = [&](const char* query) { return truth_.TopicsOf(query)[0]; };
  const auto related = [&](const char* a, const char* b) { return truth_.Related(topic(a), topic(b)); };
  EXPECT_TRUE(related("行動電源", "充電線") && related("充電線", "行動電源")) << "bought along with it";
  EXPECT_TRUE(related("任天堂 switch", "switch 遊戲")) << "named after it";
  EXPECT_FALSE(related("藍牙耳機", "貓砂"));
}

TEST_F(SampleTruthTest, BlockbustersHaveATopicOfTheirOwn) {
  EXPECT_TRUE(truth_.IsBlockbuster("Xbox") && truth_.IsBlockbuster("衛生紙"));
  EXPECT_FALSE(truth_.IsBlockbuster("藍牙耳機") || truth_.IsBlockbuster("免運"));
  EXPECT_THAT(truth_.TopicsOf("衛生紙"), Contains(truth_.TopicsOf("廚房紙巾")[0]));
}

TEST(SampleTruthOfMarketsTest, OneQueryHasAnotherTopicInEach) {
  const SampleOptions options{.rows = 100'000, .seed = 1};
  const SampleTruth taiwan(SampleMarket::kTaiwan, options), japan(SampleMarket::kJapan, options);
  EXPECT_EQ(taiwan.Category(taiwan.TopicsOf("switch")[0]), "遊戲");
  EXPECT_EQ(japan.TopicsOf("switch"), japan.TopicsOf("ニンテンドースイッチ"));
  EXPECT_THAT(japan.TopicsOf("任天堂 switch 主機"), IsEmpty());
  EXPECT_THAT(taiwan.TopicsOf("プレステ5"), IsEmpty());
}

TEST_F(SampleTruthTest, WhatTheLogDoesNotPlantHasNoTopic) {
  for (const char* query : {"", "藍牙ㄦ", "service@example.com", "' or 1=1--", "kindred"}) {
    EXPECT_THAT(truth_.TopicsOf(query), IsEmpty()) << query;
  }
}

}  // namespace
}  // namespace kindred
