// What StrippedForm() strips, before its spaces go.
#pragma once

#include <string>

#include "index/text/normalized_query.h"

namespace kindred {

// The query's code points with hiragana as katakana, and without long-vowel marks and the accents of Latin letters.
// Holds something other than spaces if the query does.
std::u32string SpellingCodePoints(NormalizedView query);

}  // namespace kindred
