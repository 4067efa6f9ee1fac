#include "index/text/punctuation_folding.h"

#include <unicode/uchar.h>

#include <utility>

#include "index/text/code_points.h"

namespace kindred {
namespace {

bool IsAsciiAlnum(char32_t c) { return IsAsciiDigit(c) || (c >= 'a' && c <= 'z'); }

bool IsApostrophe(char32_t c) {
  // ' and what keyboards and word processors make of it. U+00B4 has become ' before this is asked.
  return c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 || c == 0x201B || c == 0x02BC || c == 0x2032;
}

// Typed for the long-vowel mark. NFKC has made '-' and '~' of the full-width ones.
bool IsDash(char32_t c) {
  return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2500 || c == '~' || c == 0x301C;
}

enum class Kind { kLetter, kDigit, kMark, kNothing, kBreak };

// Emoji are breaks: they decorate ("耳機🎧"), and two shoppers who differ in them mean the same. So are private use and
// unassigned code points, which mean nothing to anyone else.
Kind KindOf(char32_t c) {
  if (c < 0x80) return IsAsciiDigit(c) ? Kind::kDigit : IsAsciiAlnum(c) ? Kind::kLetter : Kind::kBreak;
  if (c >= 0x4E00 && c <= 0x9FA5) return Kind::kLetter;  // As every version of Unicode says of these ideographs.
  switch (u_charType(static_cast<UChar32>(c))) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
    case U_LETTER_NUMBER:
    case U_OTHER_NUMBER:
      return Kind::kLetter;
    case U_DECIMAL_DIGIT_NUMBER:
      return Kind::kDigit;
    case U_NON_SPACING_MARK:
    case U_COMBINING_SPACING_MARK:
      return Kind::kMark;
    case U_ENCLOSING_MARK:  // as in the keycap emoji "1️⃣"
      return Kind::kNothing;
    default:
      return Kind::kBreak;
  }
}

// Folds punctuation, symbols and spaces of text that went through NFKC and case folding. Works on any Unicode text; a
// second pass may find more to do where a vanished character stood between two others.
template <typename String>
class PunctuationFolder {
 public:
  explicit PunctuationFolder(const String& text) : text_(text) { folded_.reserve(text.size()); }

  String Fold() && {
    for (at_ = 0; at_ < text_.size(); ++at_) FoldOne(text_[at_]);
    if (LastIs(' ')) folded_.pop_back();
    return std::move(folded_);
  }

 private:
  void FoldOne(char32_t c) {
    if (IsAsciiAlnum(c)) {  // Of most queries all but the spaces.
      folded_.push_back(static_cast<typename String::value_type>(c));
    } else if (c == ' ') {
      Break();
    } else {
      FoldOther(c);
    }
  }

  void FoldOther(char32_t c) {
    if (IsApostrophe(c)) {
      // "assassin's" is "assassins", "5'x7'" is "5x7", but 6'2 is "6 2".
      if (!LastIsWord() || KindOf(Next()) != Kind::kLetter) Break();
      return;
    }
    switch (KindOf(c)) {
      case Kind::kLetter:
        return Keep(c);
      case Kind::kDigit:  // Arabic-Indic and other digits count the same products
        return Keep('0' + static_cast<char32_t>(u_charDigitValue(static_cast<UChar32>(c))));
      case Kind::kMark:  // alone, it is a slip of the keyboard
        if (LastIsWord()) folded_.push_back(static_cast<typename String::value_type>(c));
        return;
      case Kind::kNothing:
        return;
      case Kind::kBreak:
        return FoldPunctuation(c);
    }
  }

  void FoldPunctuation(char32_t c) {
    if ((c == '.' || c == ',') && LastIsDigit() && KindOf(Next()) == Kind::kDigit) {
      if (c == '.' || !SeparatesThousands()) Keep(c);
    } else if ((c == '+' || c == '#') && StaysAfterWord()) {
      Keep(c);
    } else if (IsDash(c) && StandsForLongVowel()) {
      Keep(0x30FC);
    } else {
      Break();
    }
  }

  // "10,000mah" is "10000mah", but "1,5" is no thousands.
  bool SeparatesThousands() const {
    size_t digits = 0;
    while (at_ + 1 + digits < text_.size() && KindOf(text_[at_ + 1 + digits]) == Kind::kDigit) ++digits;
    return digits == 3;
  }

  // "c++", "c#" and "disney+" keep theirs; "gears+of+war" is a URL's way to write spaces.
  bool StaysAfterWord() const {
    if (folded_.empty() || !(IsAsciiAlnum(folded_.back()) || LastIs('+') || LastIs('#'))) return false;
    size_t end = at_;
    while (end < text_.size() && (text_[end] == '+' || text_[end] == '#')) ++end;
    return end == text_.size() || KindOf(text_[end]) == Kind::kBreak;
  }

  // サ-バ- is サーバー; in ケース-15 and ケース--黒 the dash only separates.
  bool StandsForLongVowel() const {
    if (folded_.empty() || !IsKana(folded_.back()) || IsDash(Next())) return false;
    return Next() == 0 || KindOf(Next()) == Kind::kBreak || IsUnspacedCjk(Next());
  }

  void Keep(char32_t c) {
    // Spaces between characters of unspaced scripts mean nothing.
    if (folded_.size() > 1 && LastIs(' ') && IsUnspacedCjk(c) && IsUnspacedCjk(folded_[folded_.size() - 2])) {
      folded_.pop_back();
    }
    folded_.push_back(static_cast<typename String::value_type>(c));
  }
  void Break() {
    if (!folded_.empty() && !LastIs(' ')) folded_.push_back(' ');
  }
  char32_t Next() const { return at_ + 1 < text_.size() ? static_cast<char32_t>(text_[at_ + 1]) : 0; }
  bool LastIs(char32_t c) const { return !folded_.empty() && static_cast<char32_t>(folded_.back()) == c; }
  bool LastIsDigit() const { return !folded_.empty() && IsAsciiDigit(folded_.back()); }
  bool LastIsWord() const { return !folded_.empty() && KindOf(folded_.back()) < Kind::kNothing; }

  const String& text_;
  String folded_;
  size_t at_ = 0;
};

}  // namespace

std::u32string FoldPunctuation(const std::u32string& text) { return PunctuationFolder(text).Fold(); }
std::string FoldPunctuation(const std::string& ascii) { return PunctuationFolder(ascii).Fold(); }

}  // namespace kindred
