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
  const SampleTruth truth_{{.rows = 100'000, .seed = 1}};
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

TEST_F(SampleTruthTest, WhatTheLogDoesNotPlantHasNoTopic) {
  for (const char* query : {"", "藍牙ㄦ", "service@example.com", "' or 1=1--", "kindred"}) {
    EXPECT_THAT(truth_.TopicsOf(query), IsEmpty()) << query;
  }
}

}  // namespace
}  // namespace kindred
