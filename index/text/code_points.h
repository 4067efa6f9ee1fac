// Code points of UTF-8 text, and the two classes of them that this room's rules turn on.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kindred {

//   InvalidArgument: not UTF-8 (overlong, a surrogate, past U+10FFFF, cut short); names the byte's position.
absl::StatusOr<std::u32string> DecodeUtf8(absl::string_view text);

// Whether DecodeUtf8() would take it.
bool IsUtf8(absl::string_view text);

// The same as DecodeUtf8() of text that is known to be UTF-8, such as a NormalizedQuery's.
std::u32string CodePointsOf(absl::string_view text);

std::string EncodeUtf8(const std::u32string& code_points);
// REQUIRES: code_point is no surrogate and at most U+10FFFF.
void AppendUtf8(char32_t code_point, std::string& text);

inline bool IsAsciiDigit(char32_t c) { return c >= '0' && c <= '9'; }

inline bool IsHan(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x3FFFF) ||
         (c >= 0x3005 && c <= 0x3007) || (c >= 0x3021 && c <= 0x3029) || (c >= 0x2E80 && c <= 0x2FDF) ||
         (c >= 0xF900 && c <= 0xFAFF);
}

// With the long-vowel, voicing and iteration marks.
inline bool IsKana(char32_t c) {
  return (c >= 0x3041 && c <= 0x30FF) || (c >= 0x31F0 && c <= 0x31FF) || (c >= 0x1AFF0 && c <= 0x1B16F);
}

// Characters of the scripts whose writers put no spaces between words: Han, kana and Zhuyin. Not Hangul: Koreans do.
inline bool IsUnspacedCjk(char32_t c) {
  return c >= 0x2E80 && (IsHan(c) || IsKana(c) || (c >= 0x3100 && c <= 0x312F) || (c >= 0x31A0 && c <= 0x31BF));
}

}  // namespace kindred
