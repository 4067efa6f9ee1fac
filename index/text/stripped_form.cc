#include "index/text/stripped_form.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <string>

#include "absl/hash/hash.h"
#include "index/text/code_points.h"

namespace kindred {
namespace {

constexpr char32_t kLongVowelMark = 0x30FC;

// "pokémon" and "pokemon" are one search. Latin only: elsewhere marks make other letters (が, й, Thai vowels).
char32_t WithoutAccent(char32_t c) {
  switch (c) {
    case 0x00F8:
      return 'o';  // ø, đ, ł and ı have no decomposition
    case 0x0111:
      return 'd';
    case 0x0142:
      return 'l';
    case 0x0131:
      return 'i';
    default:
      break;
  }
  const bool latin = (c >= 0x00C0 && c <= 0x024F) || (c >= 0x1E00 && c <= 0x1EFF);
  if (!latin) return c;
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const nfd = icu::Normalizer2::getNFDInstance(error);
  icu::UnicodeString parts;
  if (U_FAILURE(error) || !nfd->getDecomposition(static_cast<UChar32>(c), parts)) return c;
  return static_cast<char32_t>(parts.char32At(0));
}

char32_t AsKatakana(char32_t c) {
  const bool hiragana = (c >= 0x3041 && c <= 0x3096) || c == 0x309D || c == 0x309E;
  return hiragana ? c + 0x60 : c;
}

}  // namespace

std::u32string SpellingCodePoints(NormalizedView query) {
  std::u32string text = CodePointsOf(query.text());
  size_t size = 0;
  bool nothing_left = true;
  for (const char32_t c : text) {
    if (c < 0x80) {
      nothing_left &= c == ' ';
      text[size++] = c;
      continue;
    }
    if (c == kLongVowelMark) continue;
    if (c >= 0x0300 && c <= 0x036F && size > 0 && text[size - 1] < 0x80) continue;
    nothing_left = false;
    text[size++] = AsKatakana(WithoutAccent(c));
  }
  if (nothing_left) return CodePointsOf(query.text());
  text.resize(size);
  return text;
}

std::string Spelling(NormalizedView query) {
  const absl::string_view text = query.text();
  const bool is_ascii = std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  return is_ascii ? std::string(text) : EncodeUtf8(SpellingCodePoints(query));
}

std::string WithoutSpaces(absl::string_view spelling) {
  const auto is_digit = [spelling](size_t at) {
    return at < spelling.size() && IsAsciiDigit(static_cast<unsigned char>(spelling[at]));
  };
  std::string stripped;
  stripped.reserve(spelling.size());
  for (size_t i = 0; i < spelling.size(); ++i) {
    const bool between_digits = i > 0 && is_digit(i - 1) && is_digit(i + 1);
    if (spelling[i] != ' ' || between_digits) stripped.push_back(spelling[i]);  // "1 2" (1/2) is not "12"
  }
  return stripped;
}

std::string StrippedForm(NormalizedView query) { return WithoutSpaces(Spelling(query)); }

uint32_t StrippedFingerprint(NormalizedView query) {
  const auto hash = static_cast<uint32_t>(absl::HashOf(StrippedForm(query)));
  return hash == 0 ? 1 : hash;
}

}  // namespace kindred
