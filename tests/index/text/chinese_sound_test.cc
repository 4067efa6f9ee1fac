#include "index/text/chinese_sound.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(ChineseSoundTest, SameReadingAndToneSoundAlike) {
  for (const auto& [a, b] : {std::pair(U'牙', U'芽'), {U'机', U'鸡'}, {U'机', U'機'}, {U'他', U'她'}}) {
    EXPECT_EQ(SoundOf(a), SoundOf(b)) << static_cast<uint32_t>(a);
  }
}

TEST(ChineseSoundTest, OtherReadingsAndTonesDoNot) {
  for (const auto& [a, b] : {std::pair(U'男', U'女'), {U'食', U'饰'}, {U'枕', U'针'}, {U'壳', U'可'}}) {
    EXPECT_NE(SoundOf(a), SoundOf(b)) << static_cast<uint32_t>(a);
  }
}

TEST(ChineseSoundTest, IsOfTheFirstCharacterWithIcusReading) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> readings(
      icu::Transliterator::createInstance("Han-Latin", UTRANS_FORWARD, error));
  ASSERT_TRUE(U_SUCCESS(error));
  std::map<std::string, char32_t> firsts;
  for (char32_t c = 0x4E00; c <= 0x9FFF; ++c) {
    icu::UnicodeString reading(static_cast<UChar32>(c));
    readings->transliterate(reading);
    std::string key;
    ASSERT_EQ(SoundOf(c), firsts.try_emplace(reading.toUTF8String(key), c).first->second) << static_cast<uint32_t>(c);
  }
}

TEST(ChineseSoundTest, CharactersWithoutReadingSoundLikeThemselves) {
  for (const char32_t c : {U'a', U'1', U'あ', U'ー', U'가', U'𠮷', U'\U0010FFFF'}) EXPECT_EQ(SoundOf(c), c);
}

}  // namespace
}  // namespace kindred
