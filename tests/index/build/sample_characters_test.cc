#include "index/build/sample_characters.h"

#include <string>

#include "gtest/gtest.h"
#include "index/build/sample_vocabulary.h"

namespace kindred {
namespace {

TEST(SampleCharactersTest, CodePointsRoundTrip) {
  const std::string text = "airpods 藍牙耳機 イヤホン 🎧";
  EXPECT_EQ(SampleUtf8(SampleCodePoints(text)), text);
  EXPECT_EQ(SampleCodePoints("\xff"), U"\uFFFD");
}

TEST(SampleCharactersTest, SimplifiesWhatHasAnotherForm) {
  EXPECT_EQ(SampleSimplified(U'藍'), U'蓝');
  EXPECT_EQ(SampleSimplified(U'牙'), U'牙');
  EXPECT_EQ(SampleSimplified(U'a'), U'a');
}

TEST(SampleCharactersTest, ZhuyinIsTheFirstKeyOfTheReading) {
  EXPECT_EQ(SampleZhuyin(U'耳'), U'ㄦ');
  EXPECT_EQ(SampleZhuyin(U'機'), U'ㄐ');
  EXPECT_EQ(SampleZhuyin(U'螢'), U'ㄧ');
  EXPECT_EQ(SampleZhuyin(U'雨'), U'ㄩ');
  EXPECT_EQ(SampleZhuyin(U'a'), std::nullopt);
  EXPECT_EQ(SampleZhuyin(U'イ'), std::nullopt);
}

TEST(SampleCharactersTest, KnowsEveryHanCharacterOfTheTopics) {
  for (const SampleTopic& topic : SampleTopics(SampleMarket::kTaiwan)) {
    for (const char32_t c : SampleCodePoints(topic.heads[0])) {
      const bool han = c >= 0x4E00 && c <= 0x9FFF;
      EXPECT_EQ(SampleZhuyin(c).has_value(), han) << topic.heads[0];
    }
  }
}

}  // namespace
}  // namespace kindred
