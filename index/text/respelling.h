// Whether two queries are two spellings of one keyword, so that a list never shows both.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/inlined_vector.h"
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

// What IsRespelling() compares, made once a query. Value; safe to share between threads once made.
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
  enum class Kind : uint8_t { kLetters, kNumber, kChinese };
  enum class Before : uint8_t { kNoSpace, kSpace, kSpaceOfStrippedForm };
  struct Word {
    uint16_t begin, size;  // In text_.
    Kind kind;
    Before before;
  };
  // Of a query, most have no more.
  template <typename T>
  using OfWords = absl::InlinedVector<T, 6>;
  struct OddWords;

  void FindWords(std::u32string spelling);
  void HashWords();
  std::u32string_view Text(const Word& word) const { return std::u32string_view(text_).substr(word.begin, word.size); }
  const Word& WordAt(size_t character) const;
  std::u32string Stripped() const;
  std::u32string Units() const;
  OfWords<const Word*> SortedWords() const;
  bool HasSameUnits(const SpellingForm& other) const;
  bool HasSameWords(const SpellingForm& other) const;
  bool HasSameTextCutDifferently(const SpellingForm& other) const;
  static size_t MostChangedCharacters(const Word& word);

  // Nearly all pairs are told apart by what stands here: what else is compared is made where it is needed.
  std::u32string text_;  // SpellingCodePoints() without spaces.
  OfWords<Word> words_;  // In their order: all of text_.
  // Equal for all pairs of forms whose words can be the same: a hash of what no typing error or reordering changes.
  uint64_t shape_ = 0;
  uint64_t numbers_ = 0;  // A hash of the numbers in their order.
};

bool IsRespelling(const SpellingForm& a, const SpellingForm& b);

}  // namespace kindred
