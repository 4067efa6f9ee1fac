// Traditional Chinese to Simplified, so that a shopper in Taipei and one in Singapore ask the same question.
#pragma once

#include <bitset>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

namespace kindred {

// ICU's "Traditional-Simplified" rules, read once from ICU and run by our own loop: the transliterator itself is not
// safe to share between threads and takes 1.7 us for six characters, this 0.1 us. Two mends make folding a folded text
// a no-op (NormalizeQuery() must be idempotent), which ICU's rules alone do not:
//   - five of them are mistakes that yield Traditional characters (see the .cc) and are left out;
//   - words that keep a character which folds elsewhere (顯著 is 显著, although 著 alone is 着) also guard their
//   result,
//     so that Simplified text agrees with folded Traditional text.
// Immutable and thread-safe.
class ChineseFolding {
 public:
  // The one instance, made at first use in about 50 ms, never destroyed.
  //   Internal: this ICU was built without the rules.
  static const absl::StatusOr<ChineseFolding>& Get();

  // Longest words first, left to right.
  std::u32string ToSimplified(std::u32string text) const;

 private:
  struct Rule {
    std::u32string from, to;
  };

  static absl::StatusOr<ChineseFolding> Make();
  // False: no rule begins with it, as with most characters of Simplified text.
  bool MayMatch(char32_t c) const { return c >= begins_rule_.size() || begins_rule_[c]; }
  const Rule* FirstMatch(const std::u32string& text, size_t at) const;

  absl::flat_hash_map<char32_t, std::vector<Rule>> rules_by_first_;  // in order of precedence
  std::bitset<0x10000> begins_rule_;                                 // By character: is a key of rules_by_first_.
};

}  // namespace kindred
