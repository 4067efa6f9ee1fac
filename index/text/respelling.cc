#include "index/text/respelling.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "index/text/chinese_sound.h"
#include "index/text/code_points.h"
#include "index/text/stripped_form.h"
#include "index/text/typing_error.h"

namespace kindred {
namespace {

// Shortest texts that HasSameTextCutDifferently() compares, and shortest words that may err there. The latter keeps
// "elder scrolls v" from "elder scrolls".
constexpr size_t kMinText = 6, kMinWord = 3;

enum class WordKind { kLetters, kNumber, kChinese };

bool IsNumberCharacter(char32_t c) { return (c >= '0' && c <= '9') || c == '.' || c == ','; }

WordKind KindOf(const std::u32string& word) {
  if (IsNumberCharacter(word[0])) return WordKind::kNumber;
  return std::any_of(word.begin(), word.end(), IsHan) ? WordKind::kChinese : WordKind::kLetters;
}

// Spaces, numbers and unspaced scripts end words.
int RunOf(char32_t c) { return IsNumberCharacter(c) ? 1 : IsUnspacedCjk(c) ? 2 : 3; }

std::vector<std::u32string> WordsInOrder(const std::u32string& text) {
  std::vector<std::u32string> words;
  for (size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    end = begin + 1;
    if (text[begin] == ' ') continue;
    while (end < text.size() && text[end] != ' ' && RunOf(text[end]) == RunOf(text[begin])) ++end;
    words.emplace_back(text, begin, end - begin);
  }
  return words;
}

uint64_t Mix(uint64_t x) {  // the finalizer of SplitMix64
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

uint64_t HashOfNumbers(const std::vector<std::u32string>& words) {
  uint64_t hash = 0;
  for (const std::u32string& word : words) {
    if (KindOf(word) != WordKind::kNumber) continue;
    for (const char32_t c : word) hash = Mix(hash ^ c);
    hash = Mix(hash);
  }
  return hash;
}

// A sum, so that the order of words and of Chinese characters does not count, nor where Chinese is cut.
uint64_t HashOfFirstsAndSounds(const std::vector<std::u32string>& words) {
  uint64_t sum = 0;
  for (const std::u32string& word : words) {
    const WordKind kind = KindOf(word);
    if (kind == WordKind::kLetters) sum += Mix(uint64_t{1} << 32 | word[0]);
    if (kind != WordKind::kChinese) continue;
    for (const char32_t c : word) sum += Mix(SoundOf(c));
  }
  return Mix(sum);
}

// How many characters may occur in one of two words that differ by an error and not in the other, given either of them.
// A word of letters errs as typing_error.cc allows the longer of the two to.
size_t MostChangedCharacters(const std::u32string& word) {
  switch (KindOf(word)) {
    case WordKind::kNumber:
      return 0;
    case WordKind::kLetters:
      return MostCharactersChangedByTyping(word.size());
    case WordKind::kChinese:
      break;
  }
  return 2 * word.size();
}

// The words of a query that another one lacks.
struct OddWords {
  using Words = absl::InlinedVector<const std::u32string*, 8>;

  void Add(const std::u32string& word) { (KindOf(word) == WordKind::kChinese ? chinese : others).push_back(&word); }

  Words chinese, others;
};

std::u32string Joined(const OddWords::Words& words) {
  std::u32string text;
  for (const std::u32string* word : words) {
    if (!text.empty()) text += U' ';
    text += *word;
  }
  return text;
}

template <typename Differ>
bool PairUp(const OddWords::Words& a, const OddWords::Words& b, Differ differ) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [differ](const std::u32string* x, const std::u32string* y) { return differ(*x, *y); });
}

// For each number, the Han character that stands right behind it, or 0: mostly a unit.
std::u32string UnitsOf(const std::u32string& text) {
  std::u32string units;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsNumberCharacter(text[i])) continue;
    const char32_t next = i + 1 < text.size() ? text[i + 1] : U' ';
    if (!IsNumberCharacter(next)) units.push_back(IsHan(next) ? next : 0);
  }
  return units;
}

}  // namespace

SpellingForm::SpellingForm(NormalizedView query) {
  const std::u32string text = SpellingCodePoints(query);
  stripped_ = WithoutSpaces(text);
  units_ = UnitsOf(text);
  words_ = WordsInOrder(text);
  joined_.reserve(text.size());
  word_sizes_.reserve(text.size());
  for (const std::u32string& word : words_) {
    joined_ += word;
    word_sizes_.insert(word_sizes_.end(), word.size(), static_cast<uint8_t>(std::min<size_t>(word.size(), UINT8_MAX)));
  }
  numbers_ = HashOfNumbers(words_);
  shape_ = HashOfFirstsAndSounds(words_) ^ numbers_;
  std::sort(words_.begin(), words_.end());
}

// Of several numbers each keeps its unit: a tent for 2 with 3 rooms is none for 3 with 2.
bool SpellingForm::HasSameUnits(const SpellingForm& other) const {
  if (units_.size() < 2) return true;
  return std::equal(units_.begin(), units_.end(), other.units_.begin(), other.units_.end(),
                    [](char32_t x, char32_t y) { return x == 0 || y == 0 || x == y; });
}

bool SpellingForm::HasSameWords(const SpellingForm& other) const {
  // Takes out the common words; sorted, those of letters that are left pair up by their first characters.
  OddWords mine, theirs;
  auto a = words_.begin(), b = other.words_.begin();
  while (a != words_.end() && b != other.words_.end()) {
    if (*a == *b) {
      ++a, ++b;
    } else if (*a < *b) {
      mine.Add(*a++);
    } else {
      theirs.Add(*b++);
    }
  }
  for (; a != words_.end(); ++a) mine.Add(*a);
  for (; b != other.words_.end(); ++b) theirs.Add(*b);
  return PairUp(mine.others, theirs.others, DifferByTypingError) &&
         (PairUp(mine.chinese, theirs.chinese, DifferByInputMethod) ||
          AreSameBlocks(Joined(mine.chinese), Joined(theirs.chinese)));
}

bool SpellingForm::HasSameTextCutDifferently(const SpellingForm& other) const {
  if (words_.size() == other.words_.size() || numbers_ != other.numbers_) return false;
  const bool in_order = joined_.size() <= other.joined_.size();
  const SpellingForm& shorter = in_order ? *this : other;
  const SpellingForm& longer = in_order ? other : *this;
  const size_t size = shorter.joined_.size();
  if (size < kMinText || longer.joined_.size() > size + 1 || shorter.joined_[0] != longer.joined_[0]) return false;
  const std::optional<TypingError> error = OnlyTypingError(shorter.joined_, longer.joined_);
  if (!error.has_value()) return false;
  const size_t at = error->at;
  if (IsHan(longer.joined_[at]) || longer.word_sizes_[at] < kMinWord) return false;
  return error->kind == TypingError::Kind::kExtra ||
         (!IsHan(shorter.joined_[at]) && shorter.word_sizes_[at] >= kMinWord);
}

SpellingDigest SpellingForm::digest() const {
  SpellingDigest digest;
  for (const char32_t c : joined_) digest.characters |= uint64_t{1} << (Mix(c) % 64);
  digest.shape = static_cast<uint32_t>(shape_);
  uint64_t stripped = 0;
  for (const char c : stripped_) stripped = Mix(stripped ^ static_cast<uint8_t>(c));
  digest.stripped = static_cast<uint32_t>(stripped);
  const bool may_be_cut = joined_.size() >= kMinText;
  digest.start = static_cast<uint32_t>(Mix(may_be_cut ? numbers_ ^ joined_[0] : stripped));
  digest.size = joined_.size() & 0x1FF;
  digest.words = words_.size() & 0x1FF;
  size_t errors = 0;
  for (const std::u32string& word : words_) errors += MostChangedCharacters(word);
  digest.errors = std::min<size_t>(errors, 64) & 0x7F;
  return digest;
}

bool IsRespelling(const SpellingForm& a, const SpellingForm& b) {
  if (a.shape_ == b.shape_ && a.HasSameUnits(b) && a.HasSameWords(b)) return true;
  return a.stripped_ == b.stripped_ || a.HasSameTextCutDifferently(b);
}

}  // namespace kindred
