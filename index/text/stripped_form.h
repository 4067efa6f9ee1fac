// What StrippedForm() strips, before its spaces go.
#pragma once

#include <cstdint>
#include <string>

#include "index/text/normalized_query.h"

namespace kindred {

// The query's code points with hiragana as katakana, and without long-vowel marks and the accents of Latin letters.
// Holds something other than spaces if the query does.
std::u32string SpellingCodePoints(NormalizedView query);
// StrippedForm() of the query whose SpellingCodePoints() these are.
std::string WithoutSpaces(const std::u32string& spelling);
// Equal for equal stripped forms, and for few others; within one process. Never 0.
uint32_t StrippedFingerprint(NormalizedView query);

}  // namespace kindred
