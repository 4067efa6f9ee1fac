// Traditional Chinese to Simplified, so that a shopper in Taipei and one in Singapore ask the same question.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "index/text/code_points.h"

namespace kindred {

// ICU's "Traditional-Simplified" rules, taken from ICU when Kindred is built and run by our own loop: the
// transliterator itself is not safe to share between threads and takes 1.7 us for six characters, this 0.1 us. Two
// mends make folding a folded text a no-op (NormalizeQuery() must be idempotent), which ICU's rules alone do not:
//   - five of them are mistakes that yield Traditional characters (see the .cc) and are left out;
//   - words that keep a character which folds elsewhere (顯著 is 显著, although 著 alone is 着) also guard their
//     result, so that Simplified text agrees with folded Traditional text.
// Immutable and thread-safe.
class ChineseFolding {
 public:
  // The one instance, made at first use, never destroyed.
  static const ChineseFolding& Get();

  // Longest words first, left to right.
  std::u32string ToSimplified(std::u32string text) const;
  // Whether ToSimplified() leaves it as it is.
  bool IsSimplified(std::u32string_view text) const;

 private:
  struct Rule {
    std::u32string_view from, to;
  };

  ChineseFolding();
  // False: no rule begins with it, as with most characters of Simplified text.
  bool MayMatch(char32_t c) const { return c < rules_from_.size() && rules_from_[c] != kNone; }
  // The rule for what stands there; nullptr: there is none.
  const Rule* RuleAt(std::u32string_view text, size_t at) const {
    return MayMatch(text[at]) && IsHan(text[at]) ? FirstMatch(text, at) : nullptr;
  }
  // REQUIRES: MayMatch(text[at]).
  const Rule* FirstMatch(std::u32string_view text, size_t at) const;

  static constexpr uint16_t kNone = UINT16_MAX;
  std::vector<Rule> rules_;           // By their first character, and among these in order of precedence.
  std::vector<uint16_t> rules_from_;  // By first character: the first one's place in rules_.
};

}  // namespace kindred
