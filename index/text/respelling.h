// Whether two queries are two spellings of one keyword, so that a list never shows both.
#pragma once

#include <memory>
#include <string>

#include "index/text/normalized_query.h"

namespace kindred {

// What IsRespelling() compares, made once a query. Value; safe to share between threads once made.
class SpellingForm {
 public:
  explicit SpellingForm(const NormalizedQuery& query);

  // Symmetric, not transitive. True where the stripped forms are equal, the words are the same in another order, or the
  // words that differ are within a typing error of each other: same digits, same first character, Damerau-Levenshtein
  // distance at most 1 (of at least 4 characters) or 2 (of at least 8). Chinese words differ by a typing error where they
  // are of equal length (at least 2) and sound alike (equal pinyin with tones: 藍牙, 藍芽), as input methods err.
  friend bool IsRespelling(const SpellingForm& a, const SpellingForm& b);

 private:
  std::string text_;
  std::string stripped_;
  // Further members as the implementation needs.
};

bool IsRespelling(const SpellingForm& a, const SpellingForm& b);

}  // namespace kindred
