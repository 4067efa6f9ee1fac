#include "index/text/respelling.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "index/text/chinese_sound.h"
#include "index/text/code_points.h"
#include "index/text/stripped_form.h"
#include "index/text/typing_error.h"

namespace kindred {
namespace {

// Shortest texts that HasSameTextCutDifferently() compares, and shortest words that may err there. The latter keeps
// "elder scrolls v" from "elder scrolls".
constexpr size_t kMinText = 6, kMinWord = 3;

bool IsNumberCharacter(char32_t c) { return IsAsciiDigit(c) || c == '.' || c == ','; }

// Spaces, numbers and unspaced scripts end words.
int RunOf(char32_t c) { return IsNumberCharacter(c) ? 1 : IsUnspacedCjk(c) ? 2 : 3; }

uint64_t Mix(uint64_t x) {  // the finalizer of SplitMix64
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

using Words = absl::InlinedVector<std::u32string_view, 8>;

std::u32string Joined(const Words& words) {
  std::u32string text;
  for (const std::u32string_view word : words) {
    if (!text.empty()) text += U' ';
    text += word;
  }
  return text;
}

template <typename Differ>
bool PairUp(const Words& a, const Words& b, Differ differ) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), differ);
}

}  // namespace

// The words of a query that another one lacks.
struct SpellingForm::OddWords {
  const SpellingForm& form;
  Words chinese = {}, others = {};

  void Add(const Word& word) { (word.kind == Kind::kChinese ? chinese : others).push_back(form.Text(word)); }
};

SpellingForm::SpellingForm(NormalizedView query) {
  FindWords(SpellingCodePoints(query));
  HashWords();
}

void SpellingForm::FindWords(std::u32string spelling) {
  size_t size = 0;
  char32_t before = ' ', before_that = ' ';
  int run = 0;
  for (const char32_t c : spelling) {
    if (c != ' ') {
      if (before == ' ' || RunOf(c) != run) {
        run = RunOf(c);
        const bool between_digits = before == ' ' && IsAsciiDigit(before_that) && IsAsciiDigit(c);
        words_.push_back({.begin = static_cast<uint16_t>(size),
                          .size = 0,
                          .kind = run == 1 ? Kind::kNumber : Kind::kLetters,
                          .before = between_digits  ? Before::kSpaceOfStrippedForm
                                    : before == ' ' ? Before::kSpace
                                                    : Before::kNoSpace});
      }
      Word& word = words_.back();
      ++word.size;
      if (run == 2 && IsHan(c)) word.kind = Kind::kChinese;
      spelling[size++] = c;
    }
    before_that = before;
    before = c;
  }
  spelling.resize(size);
  text_ = std::move(spelling);
}

// The shape is a sum, so that the order of words and of Chinese characters does not count, nor where Chinese is cut.
void SpellingForm::HashWords() {
  uint64_t firsts_and_sounds = 0;
  for (const Word& word : words_) {
    switch (word.kind) {
      case Kind::kNumber:
        for (const char32_t c : Text(word)) numbers_ = Mix(numbers_ ^ c);
        numbers_ = Mix(numbers_);
        break;
      case Kind::kLetters:
        firsts_and_sounds += Mix(uint64_t{1} << 32 | text_[word.begin]);
        break;
      case Kind::kChinese:
        for (const char32_t c : Text(word)) firsts_and_sounds += Mix(SoundOf(c));
        break;
    }
  }
  shape_ = Mix(firsts_and_sounds) ^ numbers_;
}

// REQUIRES: character < text_.size().
const SpellingForm::Word& SpellingForm::WordAt(size_t character) const {
  return *std::find_if(words_.begin(), words_.end(),
                       [character](const Word& word) { return character < size_t{word.begin} + word.size; });
}

// StrippedForm(), not yet as UTF-8.
std::u32string SpellingForm::Stripped() const {
  std::u32string stripped;
  for (const Word& word : words_) {
    if (word.before == Before::kSpaceOfStrippedForm) stripped += U' ';
    stripped += Text(word);
  }
  return stripped;
}

// For each number, the Han character that stands right behind it, or 0: mostly a unit.
std::u32string SpellingForm::Units() const {
  std::u32string units;
  for (auto word = words_.begin(); word != words_.end(); ++word) {
    if (word->kind != Kind::kNumber) continue;
    const auto next = word + 1;
    const bool touches = next != words_.end() && next->before == Before::kNoSpace;
    units += touches && IsHan(text_[next->begin]) ? text_[next->begin] : 0;
  }
  return units;
}

// Of several numbers each keeps its unit: a tent for 2 with 3 rooms is none for 3 with 2.
bool SpellingForm::HasSameUnits(const SpellingForm& other) const {
  const std::u32string mine = Units(), theirs = other.Units();
  if (mine.size() < 2) return true;
  return std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                    [](char32_t x, char32_t y) { return x == 0 || y == 0 || x == y; });
}

SpellingForm::OfWords<const SpellingForm::Word*> SpellingForm::SortedWords() const {
  OfWords<const Word*> sorted;
  for (const Word& word : words_) sorted.push_back(&word);
  std::sort(sorted.begin(), sorted.end(), [this](const Word* a, const Word* b) { return Text(*a) < Text(*b); });
  return sorted;
}

bool SpellingForm::HasSameWords(const SpellingForm& other) const {
  // Takes out the common words; sorted, those of letters that are left pair up by their first characters.
  const OfWords<const Word*> my_words = SortedWords(), their_words = other.SortedWords();
  OddWords mine{*this}, theirs{other};
  auto a = my_words.begin();
  auto b = their_words.begin();
  while (a != my_words.end() && b != their_words.end()) {
    const int order = Text(**a).compare(other.Text(**b));
    if (order == 0) {
      ++a, ++b;
    } else if (order < 0) {
      mine.Add(**a++);
    } else {
      theirs.Add(**b++);
    }
  }
  for (; a != my_words.end(); ++a) mine.Add(**a);
  for (; b != their_words.end(); ++b) theirs.Add(**b);
  return PairUp(mine.others, theirs.others, DifferByTypingError) &&
         (PairUp(mine.chinese, theirs.chinese, DifferByInputMethod) ||
          AreSameBlocks(Joined(mine.chinese), Joined(theirs.chinese)));
}

bool SpellingForm::HasSameTextCutDifferently(const SpellingForm& other) const {
  if (words_.size() == other.words_.size() || numbers_ != other.numbers_) return false;
  const bool in_order = text_.size() <= other.text_.size();
  const SpellingForm& shorter = in_order ? *this : other;
  const SpellingForm& longer = in_order ? other : *this;
  const size_t size = shorter.text_.size();
  if (size < kMinText || longer.text_.size() > size + 1 || shorter.text_[0] != longer.text_[0]) return false;
  const std::optional<TypingError> error = OnlyTypingError(shorter.text_, longer.text_);
  if (!error.has_value()) return false;
  const size_t at = error->at;
  if (IsHan(longer.text_[at]) || longer.WordAt(at).size < kMinWord) return false;
  return error->kind == TypingError::Kind::kExtra || (!IsHan(shorter.text_[at]) && shorter.WordAt(at).size >= kMinWord);
}

// How many characters may occur in one of two words that differ by an error and not in the other, given either of them.
// A word of letters errs as typing_error.cc allows the longer of the two to.
size_t SpellingForm::MostChangedCharacters(const Word& word) {
  switch (word.kind) {
    case Kind::kNumber:
      return 0;
    case Kind::kLetters:
      return MostCharactersChangedByTyping(word.size);
    case Kind::kChinese:
      break;
  }
  return size_t{2} * word.size;
}

SpellingDigest SpellingForm::digest() const {
  SpellingDigest digest;
  for (const char32_t c : text_) digest.characters |= uint64_t{1} << (Mix(c) % 64);
  digest.shape = static_cast<uint32_t>(shape_);
  uint64_t stripped = 0;
  for (const char32_t c : Stripped()) stripped = Mix(stripped ^ c);
  digest.stripped = static_cast<uint32_t>(stripped);
  const bool may_be_cut = text_.size() >= kMinText;
  digest.start = static_cast<uint32_t>(Mix(may_be_cut ? numbers_ ^ text_[0] : stripped));
  digest.size = text_.size() & 0x1FF;
  digest.words = words_.size() & 0x1FF;
  size_t errors = 0;
  for (const Word& word : words_) errors += MostChangedCharacters(word);
  digest.errors = std::min<size_t>(errors, 64) & 0x7F;
  return digest;
}

bool IsRespelling(const SpellingForm& a, const SpellingForm& b) {
  if (a.shape_ == b.shape_ && a.HasSameUnits(b) && a.HasSameWords(b)) return true;
  return (a.text_ == b.text_ && a.Stripped() == b.Stripped()) || a.HasSameTextCutDifferently(b);
}

}  // namespace kindred
