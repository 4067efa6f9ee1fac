#include "index/text/punctuation_folding.h"

#include <random>
#include <string>

#include "gtest/gtest.h"
#include "index/text/code_points.h"

namespace kindred {
namespace {

std::string Fold(absl::string_view text) { return EncodeUtf8(FoldPunctuation(CodePointsOf(text))); }

TEST(PunctuationFoldingTest, KeepsWhatBelongsToWords) {
  EXPECT_EQ(Fold("c++, c# (1.5)"), "c++ c# 1.5");
  EXPECT_EQ(Fold("levi\u2019s 501\u00AE"), "levis 501");
  EXPECT_EQ(Fold("\u2018levis\u2019"), "levis");
}

TEST(PunctuationFoldingTest, DashAfterKanaIsALongVowelUnlessItSeparates) {
  EXPECT_EQ(Fold("コ-ヒ-"), "コーヒー");
  EXPECT_EQ(Fold("コ‐ヒ―豆"), "コーヒー豆");
  EXPECT_EQ(Fold("ケース-s"), "ケース s");
  EXPECT_EQ(Fold("ケース -黒"), "ケース黒");
  EXPECT_EQ(Fold("壳-黑"), "壳黑");
}

TEST(PunctuationFoldingTest, MarksNeedALetter) {
  EXPECT_EQ(Fold("x\u0323"), "x\u0323");
  EXPECT_EQ(Fold("-\u0323x"), "x");
  EXPECT_EQ(Fold("c+\u0323"), "c");
}

TEST(PunctuationFoldingTest, AsciiInOnePassIsFinal) {
  const std::string alphabet = "abz059 '`.,+#-~&";
  std::mt19937 random(3);
  for (int round = 0; round < 50000; ++round) {
    std::string text;
    for (size_t left = random() % 14; left > 0; --left) text += alphabet[random() % alphabet.size()];
    const std::string once = FoldPunctuation(text);
    ASSERT_EQ(FoldPunctuation(once), once) << text;
    ASSERT_EQ(Fold(text), once) << text;
  }
}

}  // namespace
}  // namespace kindred
