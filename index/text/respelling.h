// Whether two queries are two spellings of one keyword, so that a list never shows both.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "index/text/normalized_query.h"

namespace kindred {

// Tells most pairs of queries apart without a look at their text, in 24 bytes.
struct SpellingDigest {
  uint64_t characters = 0;  // A bit for each character that occurs, by its hash.
  uint32_t shape = 0;       // Equal wherever the words can be the same but for order and typing errors.
  uint32_t stripped = 0;    // Equal wherever the stripped forms are.
  uint32_t start = 0;       // Equal wherever the texts can be the same but for their cuts.
  uint32_t size : 9 = 0;    // In code points, without spaces.
  uint32_t words : 9 = 0;
  uint32_t errors : 7 = 0;  // Most bits of `characters` that errors in the words can change; at most 64.
};

// False only where IsRespelling() is. Few pairs of a list that it says true of are not respellings.
inline bool MayBeRespelling(const SpellingDigest& a, const SpellingDigest& b) {
  if (a.stripped == b.stripped) return true;
  const uint64_t changed = a.characters ^ b.characters;
  if (a.shape == b.shape) {
    const auto changes = static_cast<uint32_t>(std::popcount(changed));
    if (changes <= a.errors && changes <= b.errors) return true;
  }
  if (a.start != b.start || a.words == b.words || a.size > b.size + 1 || b.size > a.size + 1) return false;
  const uint64_t but_one = changed & (changed - 1);
  return (but_one & (but_one - 1)) == 0;  // One error leaves out one character and puts in another at most.
}

// What IsRespelling() compares, made once a query. Value; safe to share between threads once made. The first one in a
// process that holds a Han character takes 0.3 s, for the table of readings.
class SpellingForm {
 public:
  explicit SpellingForm(NormalizedView query);

  SpellingDigest digest() const;

  // Symmetric, not transitive. True where the stripped forms are equal, or the words are the same, in any order, but
  // for typing errors. Numbers must be the same in the same order; a letter and a digit side by side are two words. A
  // typing error keeps a word's first character and is, by the shorter word's length in code points:
  //   from 3   an s at the end more or less;
  //   from 4   a character more or less, or two neighbours swapped;
  //   from 6   or another character in its place: shorter words have too many neighbours (shirt, skirt, short);
  //   from 8   two of these (Damerau-Levenshtein distance 2).
  // The last two in alphabets only: a run of Thai or kana is a phrase (อาหารแมว, อาหารหมา: food for cats, for dogs).
  // Where the words are cut differently (x box games, xbox game), one error in all, in a word of three characters or
  // more. A run of Chinese errs where it sounds alike throughout (equal pinyin with tones: 藍牙, 藍芽), of two
  // characters or more, as input methods err, or where blocks of two or more characters stand in another order
  // (黑色男鞋, 男鞋黑色), and so it is with all runs of a query (2人帳篷, 帳篷 2人), where a block may be one character
  // if it begins a run in both, and one block the character for whom a thing is (女發熱衣, 發熱衣女). Of several
  // numbers each keeps its unit.
  friend bool IsRespelling(const SpellingForm& a, const SpellingForm& b);

 private:
  bool HasSameUnits(const SpellingForm& other) const;
  bool HasSameWords(const SpellingForm& other) const;
  bool HasSameTextCutDifferently(const SpellingForm& other) const;

  std::string stripped_;
  // Equal for all pairs of forms whose words can be the same: a hash of what no typing error or reordering changes.
  uint64_t shape_ = 0;
  uint64_t numbers_ = 0;               // a hash of the numbers in their order
  std::u32string units_;               // by number: the Han character right behind it, or 0
  std::vector<std::u32string> words_;  // ascending, in stripped form
  std::u32string joined_;              // the words in their order, without spaces
  std::vector<uint8_t> word_sizes_;    // for each character of joined_, the length of its word
};

bool IsRespelling(const SpellingForm& a, const SpellingForm& b);

}  // namespace kindred
