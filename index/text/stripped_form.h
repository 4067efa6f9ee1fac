// What StrippedForm() strips, before its spaces go.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "index/text/normalized_query.h"

namespace kindred {

// The query's code points with hiragana as katakana, and without long-vowel marks and the accents of Latin letters.
// Holds something other than spaces if the query does.
std::u32string SpellingCodePoints(NormalizedView query);
// The same as UTF-8.
std::string Spelling(NormalizedView query);
// StrippedForm() of the query whose Spelling() this is.
std::string WithoutSpaces(absl::string_view spelling);
// Equal for equal stripped forms, and for few others; within one process. Never 0.
uint32_t StrippedFingerprint(NormalizedView query);

}  // namespace kindred
