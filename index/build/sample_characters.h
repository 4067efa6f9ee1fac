// What the sample log knows of single characters: Simplified forms and the first Zhuyin symbol of a reading.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/string_view.h"

namespace kindred {

// Bytes that are not UTF-8 become U+FFFD.
std::u32string SampleCodePoints(absl::string_view text);
std::string SampleUtf8(std::u32string_view code_points);

// The character itself where it has no other Simplified form, or is none of the vocabulary's.
char32_t SampleSimplified(char32_t c);

// What a Zhuyin keyboard has typed after the first key of a character: ㄦ of 耳. Nothing: not a Han character, or none
// of the vocabulary's.
std::optional<char32_t> SampleZhuyin(char32_t c);

}  // namespace kindred
