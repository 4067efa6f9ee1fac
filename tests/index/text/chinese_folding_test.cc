#include "index/text/chinese_folding.h"

#include <unicode/translit.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "index/text/code_points.h"

namespace kindred {
namespace {

std::string Simplified(absl::string_view text) {
  return EncodeUtf8(ChineseFolding::Get().ToSimplified(CodePointsOf(text)));
}

class IcuRules {
 public:
  IcuRules() : rules_(icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, error_)) {}

  std::string Fold(const std::string& text) const {
    icu::UnicodeString folded = icu::UnicodeString::fromUTF8(text);
    rules_->transliterate(folded);
    std::string result;
    return folded.toUTF8String(result);
  }
  icu::UnicodeSet Sources() const {
    icu::UnicodeSet sources;
    rules_->getSourceSet(sources);
    return sources;
  }

 private:
  UErrorCode error_ = U_ZERO_ERROR;
  std::unique_ptr<icu::Transliterator> rules_;
};

TEST(ChineseFoldingTest, EveryCharacterFoldsAsIcuFoldsIt) {
  const IcuRules icu;
  const icu::UnicodeSet sources = icu.Sources();
  ASSERT_GT(sources.size(), 3000);
  for (int32_t i = 0; i < sources.size(); ++i) {
    std::string text;
    AppendUtf8(static_cast<char32_t>(sources.charAt(i)), text);
    // The quotation marks among them are punctuation to us, and 苎 is a mistake of ICU's.
    if (!IsHan(static_cast<char32_t>(sources.charAt(i))) || text == "苎") continue;
    EXPECT_EQ(Simplified(text), icu.Fold(text));
  }
}

TEST(ChineseFoldingTest, WordsFoldAsIcuFoldsThem) {
  const IcuRules icu;
  for (const std::string text : {"生薑薑片", "乾燥乾隆", "頭髮後面", "顯著著名看著", "餘波多餘", "茶餘飯後", "慰藉狼藉",
                                 "無線藍牙耳機", "手機保護殼", "電競滑鼠", "蓝牙耳机", "iphone 15 殼"}) {
    EXPECT_EQ(Simplified(text), icu.Fold(text));
  }
}

TEST(ChineseFoldingTest, SimplifiedTextAgreesWithFoldedTraditional) {
  for (const auto& [traditional, simplified] : {std::pair("顯著", "显著"),
                                                {"編著", "编著"},
                                                {"專著", "专著"},
                                                {"旋乾轉坤", "旋乾转坤"},
                                                {"憑藉", "凭藉"},
                                                {"銀髮", "银发"},
                                                {"內裡", "内里"},
                                                {"薴麻", "苎麻"},
                                                {"剃髮", "剃发"}}) {
    const std::string once = Simplified(Simplified(traditional));
    EXPECT_EQ(once, simplified);
    EXPECT_EQ(Simplified(simplified), simplified);
  }
}

TEST(ChineseFoldingTest, LeavesOtherScriptsAlone) {
  for (const absl::string_view text : {"", "gears of war", "女の子", "サーバー", "무선", "ㄅㄆㄇ"}) {
    EXPECT_EQ(Simplified(text), text);
  }
}

}  // namespace
}  // namespace kindred
