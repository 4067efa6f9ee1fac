#include "index/text/normalized_query.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/text/chinese_folding.h"
#include "index/text/code_points.h"
#include "index/text/punctuation_folding.h"

namespace kindred {
namespace {

// What NFKC would tear apart wrongly: "Xbox™" into "xboxtm", spacing accents into a space and an accent.
char32_t BeforeNfkc(char32_t c) {
  switch (c) {
    case 0x2120:  // SM
    case 0x2122:  // TM
      return ' ';
    case 0x00B4:  // acute accent, typed for an apostrophe
      return '\'';
    case 0x309B:  // か゛ is が
      return 0x3099;
    case 0x309C:
      return 0x309A;
    default:
      return c;
  }
}

bool IsFraction(char32_t c) { return (c >= 0x00BC && c <= 0x00BE) || (c >= 0x2150 && c <= 0x215F) || c == 0x2189; }

// NFKC leaves it as it is where it stands among its like, and only ASCII has case. Nearly all Chinese and Japanese text
// is of these.
bool IsInert(char32_t c) {
  return c < 0x80 || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FE);
}

std::u32string NfkcCasefold(std::u32string text) {
  if (std::all_of(text.begin(), text.end(), IsInert)) {
    for (char32_t& c : text) {
      if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
    }
    return text;
  }
  icu::UnicodeString utf16;
  for (const char32_t c : text) {
    if (IsFraction(c)) utf16.append(u' ');  // NFKC would make 11/2 of 1½
    utf16.append(static_cast<UChar32>(BeforeNfkc(c)));
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString folded = icu::Normalizer2::getNFKCCasefoldInstance(error)->normalize(utf16, error);
  std::u32string result;
  result.reserve(static_cast<size_t>(folded.length()));
  for (int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    result.push_back(static_cast<char32_t>(folded.char32At(i)));
  }
  return result;
}

absl::StatusOr<std::u32string> FoldToFixedPoint(std::u32string text) {
  const ChineseFolding& chinese = ChineseFolding::Get();
  // One pass settles nearly all text, and the second shows that it did. More are needed only where a character that a
  // pass takes out stood between two that then combine.
  constexpr int kMaxPasses = 8;
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    std::u32string next = chinese.ToSimplified(FoldPunctuation(NfkcCasefold(text)));
    if (next == text) return text;
    text = std::move(next);
  }
  return absl::InvalidArgumentError("query does not settle into a normal form; remove its unusual characters");
}

bool IsAscii(absl::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

constexpr std::array<char, 256> kPlainForms = [] {
  std::array<char, 256> forms{};
  for (unsigned char c = '0'; c <= '9'; ++c) forms[c] = static_cast<char>(c);
  for (unsigned char c = 'a'; c <= 'z'; ++c) forms[c] = forms[c - 'a' + 'A'] = static_cast<char>(c);
  forms[' '] = ' ';
  return forms;
}();

// A letter of Chinese or Japanese of three bytes at the front of `text`, inert as it stands: only rules of Chinese may
// change it. Of those that all versions of Unicode know, see punctuation_folding.cc.
bool BeginsWithInertLetter(absl::string_view text) {
  if (text.size() < 3 || (text[0] & 0xF0) != 0xE0 || (text[1] & 0xC0) != 0x80 || (text[2] & 0xC0) != 0x80) return false;
  const auto c = static_cast<char32_t>((text[0] & 0x0F) << 12 | (text[1] & 0x3F) << 6 | (text[2] & 0x3F));
  constexpr char32_t kMiddleDot = 0x30FB;
  return c >= 0x3041 && c <= 0x9FA5 && c != kMiddleDot && IsInert(c);
}

// Of letters, digits and spaces of ASCII, as most queries are, and of Chinese and Japanese letters that stay as they
// are, in one pass. nullopt: it has others. REQUIRES: at most kMaxQueryBytes.
std::optional<std::string> FoldPlain(absl::string_view raw) {
  char folded[kMaxQueryBytes];
  size_t size = 0;
  char last = ' ';
  bool is_ascii = true;
  for (size_t i = 0; i < raw.size(); ++i) {
    char form = kPlainForms[static_cast<unsigned char>(raw[i])];
    if (form == 0) {
      if (!BeginsWithInertLetter(raw.substr(i))) return std::nullopt;
      is_ascii = false;
      // Spaces between two of them mean nothing, as everywhere in a normal form.
      if (last == ' ' && size > 1 && (folded[size - 2] & 0x80) != 0) --size;
      folded[size++] = raw[i++];
      folded[size++] = raw[i++];
      form = raw[i];
    }
    folded[size] = form;
    size += form != ' ' || last != ' ';
    last = form;
  }
  if (size > 0 && last == ' ') --size;
  const absl::string_view text(folded, size);
  if (!is_ascii && !ChineseFolding::Get().IsSimplified(CodePointsOf(text))) return std::nullopt;
  return std::string(text);
}

absl::Status CheckLength(absl::string_view text, absl::string_view which) {
  if (text.size() <= kMaxQueryBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("query has ", text.size(), " bytes", which, "; at most ", kMaxQueryBytes, " are allowed"));
}

}  // namespace

absl::StatusOr<NormalizedQuery> NormalizeQuery(absl::string_view raw) {
  RETURN_IF_ERROR(CheckLength(raw, ""));
  if (std::optional<std::string> plain = FoldPlain(raw); plain.has_value()) return NormalizedQuery(*std::move(plain));
  if (IsAscii(raw)) return NormalizedQuery(FoldPunctuation(absl::AsciiStrToLower(raw)));
  ASSIGN_OR_RETURN(std::u32string text, DecodeUtf8(raw));
  ASSIGN_OR_RETURN(text, FoldToFixedPoint(std::move(text)));
  std::string folded = EncodeUtf8(text);
  RETURN_IF_ERROR(CheckLength(folded, " once normalized"));
  return NormalizedQuery(std::move(folded));
}

}  // namespace kindred
