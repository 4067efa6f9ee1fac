#include "index/text/normalized_query.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>

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

std::u32string NfkcCasefold(std::u32string text) {
  for (char32_t& c : text) c = BeforeNfkc(c);
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const nfkc = icu::Normalizer2::getNFKCCasefoldInstance(error);
  const icu::UnicodeString utf16 =
      icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()), static_cast<int32_t>(text.size()));
  const icu::UnicodeString folded = nfkc->normalize(utf16, error);
  std::u32string result(static_cast<size_t>(folded.length()), U'\0');
  const int32_t size =
      folded.toUTF32(reinterpret_cast<UChar32*>(result.data()), static_cast<int32_t>(result.size()), error);
  result.resize(static_cast<size_t>(size));
  return result;
}

absl::StatusOr<std::u32string> FoldToFixedPoint(std::u32string text) {
  const absl::StatusOr<ChineseFolding>& chinese = ChineseFolding::Get();
  if (!chinese.ok()) return chinese.status();
  // One pass settles nearly all text, and the second shows that it did. More are needed only where a character that a
  // pass takes out stood between two that then combine.
  constexpr int kMaxPasses = 8;
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    std::u32string next = chinese->ToSimplified(FoldPunctuation(NfkcCasefold(text)));
    if (next == text) return text;
    text = std::move(next);
  }
  return absl::InvalidArgumentError("query does not settle into a normal form; remove its unusual characters");
}

bool IsAscii(absl::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

absl::Status CheckLength(absl::string_view text, absl::string_view which) {
  if (text.size() <= kMaxQueryBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("query has ", text.size(), " bytes", which, "; at most ", kMaxQueryBytes, " are allowed"));
}

}  // namespace

absl::StatusOr<NormalizedQuery> NormalizeQuery(absl::string_view raw) {
  RETURN_IF_ERROR(CheckLength(raw, ""));
  if (IsAscii(raw)) return NormalizedQuery(FoldPunctuation(absl::AsciiStrToLower(raw)));
  ASSIGN_OR_RETURN(std::u32string text, DecodeUtf8(raw));
  ASSIGN_OR_RETURN(text, FoldToFixedPoint(std::move(text)));
  std::string folded = EncodeUtf8(text);
  RETURN_IF_ERROR(CheckLength(folded, " once normalized"));
  return NormalizedQuery(std::move(folded));
}

}  // namespace kindred
