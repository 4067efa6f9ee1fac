// What of punctuation, symbols and spaces belongs to a query.
#pragma once

#include <string>

namespace kindred {

// Steps 2, 3 and 5 of NormalizeQuery(). REQUIRES: text is in NFKC and case-folded.
std::u32string FoldPunctuation(const std::u32string& text);

// The same for ASCII in lower case, of which one pass is enough.
std::string FoldPunctuation(const std::string& ascii);

}  // namespace kindred
