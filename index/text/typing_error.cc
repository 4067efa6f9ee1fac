#include "index/text/typing_error.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "index/text/chinese_sound.h"

namespace kindred {
namespace {

// Shortest words, in code points, in which each kind of error is believed; see respelling.h. Judged by eye in November
// 2026 on the 1,200 most frequent queries of a video game shop's log: 199 pairs with an error, none of them two things.
constexpr size_t kMinPlural = 3, kMinError = 4, kMinSubstitution = 6, kMinTwoErrors = 8;
// Thai and all that follow it in Unicode: scripts without spaces, or Hangul with its syllables.
constexpr char32_t kFirstWithoutSpaces = 0x0E00;
constexpr size_t kMinSoundAlike = 2, kMinBlock = 2;
// For whom a thing is, said before it or after it. Of most other characters the place matters: 狗玩具 is for dogs,
// 玩具狗 is one, 金魚缸 is for goldfish, 魚缸金 is golden.
constexpr std::u32string_view kForWhom = U"男女童";

// Whether the optimal string alignment distance is at most 2: three rows of a table of which only the five diagonals
// around the main one can hold 2 or less.
bool WithinTwoErrors(std::u32string_view a, std::u32string_view b) {
  constexpr int kFar = 3, kBand = 2, kWidth = 2 * kBand + 1;
  const int rows = static_cast<int>(a.size()), columns = static_cast<int>(b.size());
  if (std::abs(rows - columns) > kBand) return false;
  std::array<int, kWidth + 2> before{}, above{},
      row{};  // cell (i, j) at j - i + kBand + 1, with a far cell at each end
  before.fill(kFar);
  above.fill(kFar);
  for (int j = 0; j <= kBand; ++j) above[static_cast<size_t>(j + kBand + 1)] = j;
  for (int i = 1; i <= rows; ++i) {
    row.fill(kFar);
    for (int j = std::max(0, i - kBand); j <= std::min(columns, i + kBand); ++j) {
      const auto at = static_cast<size_t>(j - i + kBand + 1);
      if (j == 0) {
        row[at] = i;
        continue;
      }
      const auto x = static_cast<size_t>(i - 1), y = static_cast<size_t>(j - 1);
      int best = std::min({above[at + 1] + 1, row[at - 1] + 1, above[at] + (a[x] == b[y] ? 0 : 1)});
      if (i > 1 && j > 1 && a[x] == b[y - 1] && a[x - 1] == b[y]) best = std::min(best, before[at] + 1);
      row[at] = best;
    }
    before = above;
    above = row;
  }
  return above[static_cast<size_t>(columns - rows + kBand + 1)] <= 2;
}

bool SoundAlike(std::u32string_view a, std::u32string_view b) {
  return a.size() >= kMinSoundAlike && std::equal(a.begin(), a.end(), b.begin(), b.end(),
                                                  [](char32_t x, char32_t y) { return SoundOf(x) == SoundOf(y); });
}

bool BeginsRun(std::u32string_view runs, size_t at) { return at == 0 || runs[at - 1] == U' '; }

// Where a character of `a`, at `at`, begins a run of `b` as it does in `a`; npos: nowhere.
size_t FindBeginning(std::u32string_view a, size_t at, std::u32string_view b, std::u32string_view rest) {
  if (!BeginsRun(a, at)) return std::u32string::npos;
  size_t found = rest.find(a[at]);
  while (found != std::u32string::npos && !BeginsRun(b, found)) found = rest.find(a[at], found + 1);
  return found;
}

// Cuts `a` from the left into the longest blocks that occur in `rest`, what is left of `b`. Both are runs, with a space
// between two.
bool IsCutInto(std::u32string_view a, std::u32string_view b) {
  std::u32string rest(b);
  bool may_move = true;  // One such character: which thing is whose, of two?
  for (size_t at = 0; at < a.size();) {
    if (a[at] == U' ') {
      ++at;
      continue;
    }
    size_t size = std::min(a.find(U' ', at), a.size()) - at, found = std::u32string::npos;
    while (size >= kMinBlock && (found = rest.find(a.data() + at, 0, size)) == std::u32string::npos) --size;
    if (size < kMinBlock) found = FindBeginning(a, at, b, rest);
    if (found == std::u32string::npos && may_move && kForWhom.find(a[at]) != std::u32string_view::npos) {
      found = rest.find(a[at]);
      may_move = false;
    }
    if (found == std::u32string::npos) return false;
    rest.replace(found, size, size, U' ');  // So that no block is found across the gap.
    at += size;
  }
  return rest.find_first_not_of(U' ') == std::u32string::npos;
}

}  // namespace

std::optional<TypingError> OnlyTypingError(std::u32string_view shorter, std::u32string_view longer) {
  using Kind = TypingError::Kind;
  const size_t size = shorter.size();
  const auto at = static_cast<size_t>(
      std::mismatch(shorter.begin(), shorter.end(), longer.begin(), longer.end()).first - shorter.begin());
  const auto tails_equal = [&](size_t from_shorter, size_t from_longer) {
    return shorter.compare(from_shorter, std::u32string::npos, longer, from_longer, std::u32string::npos) == 0;
  };
  if (longer.size() == size + 1 && tails_equal(at, at + 1)) return TypingError{Kind::kExtra, at};
  if (longer.size() != size || at == size) return std::nullopt;
  if (tails_equal(at + 1, at + 1)) return TypingError{Kind::kOther, at};
  const bool swap = at + 1 < size && shorter[at] == longer[at + 1] && shorter[at + 1] == longer[at];
  if (swap && tails_equal(at + 2, at + 2)) return TypingError{Kind::kSwap, at};
  return std::nullopt;
}

bool DifferByTypingError(std::u32string_view a, std::u32string_view b) {
  std::u32string_view shorter = a.size() <= b.size() ? a : b;
  std::u32string_view longer = a.size() <= b.size() ? b : a;
  const size_t size = shorter.size();
  if (size < kMinPlural || longer.size() - size > 2 || a[0] != b[0]) return false;
  const std::optional<TypingError> error = OnlyTypingError(shorter, longer);
  const bool alphabet = a[0] < kFirstWithoutSpaces;
  if (!error.has_value()) return alphabet && size >= kMinTwoErrors && WithinTwoErrors(a, b);
  if (error->kind == TypingError::Kind::kOther) return alphabet && size >= kMinSubstitution;
  const bool plural = error->at == size && longer.back() == 's';
  return plural || size >= kMinError;
}

size_t MostCharactersChangedByTyping(size_t size) {
  if (size < kMinPlural) return 0;
  if (size < kMinSubstitution) return 1;  // One more or less; to swap two changes none.
  return size < kMinTwoErrors ? 2 : 4;
}

bool DifferByInputMethod(std::u32string_view a, std::u32string_view b) {
  return SoundAlike(a, b) || AreSameBlocks(a, b);
}

bool AreSameBlocks(std::u32string_view a, std::u32string_view b) { return IsCutInto(a, b) || IsCutInto(b, a); }

}  // namespace kindred
