#include "tests/bench/unknown_queries.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "index/text/code_points.h"

namespace kindred::bench {
namespace {

constexpr size_t kLongBytes = 200;

bool IsLetter(char32_t c, bool cjk) { return cjk ? IsUnspacedCjk(c) : c >= 'a' && c <= 'z'; }

std::vector<size_t> Letters(const std::u32string& text, bool cjk) {
  std::vector<size_t> at;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsLetter(text[i], cjk)) at.push_back(i);
  }
  return at;
}

}  // namespace

UnknownQueries::UnknownQueries(std::vector<std::string> known, uint64_t seed)
    : known_(std::move(known)), random_(seed) {
  std::sort(known_.begin(), known_.end());
}

NormalizedQuery UnknownQueries::Next() {
  std::discrete_distribution<int> kind(kKinds.size(), 0, kKinds.size(),
                                       [](double at) { return kKinds[static_cast<size_t>(at)].percent; });
  return OfKind(static_cast<Kind>(kind(random_)));
}

NormalizedQuery UnknownQueries::OfKind(Kind kind) {
  while (true) {
    const absl::StatusOr<NormalizedQuery> query = NormalizeQuery(EncodeUtf8(Draw(kind)));
    if (!query.ok() || query->empty()) continue;
    if (!std::binary_search(known_.begin(), known_.end(), query->text())) return *query;
  }
}

// Of another query; of Chinese, which has no spaces, two characters.
std::u32string UnknownQueries::Word() {
  const std::vector<std::string> words = absl::StrSplit(Known(), ' ');
  const std::u32string word = CodePointsOf(words[Below(words.size())]);
  return IsUnspacedCjk(word[0]) ? word.substr(0, 2) : word;
}

char32_t UnknownQueries::Letter(bool cjk) {
  while (cjk) {
    const std::u32string other = CodePointsOf(Known());
    if (IsUnspacedCjk(other.back())) return other.back();
  }
  return static_cast<char32_t>('a' + Below(26));
}

// A letter too few, another one, one too many, or two that stand the wrong way round.
void UnknownQueries::Misspell(std::u32string& text, bool cjk) {
  const std::vector<size_t> letters = Letters(text, cjk);
  if (letters.size() < 2) return text.clear();
  const size_t at = letters[Below(letters.size())];
  switch (Below(4)) {
    case 0:
      text.erase(at, 1);
      break;
    case 1:
      text[at] = Letter(cjk);
      break;
    case 2:
      text.insert(at, 1, Letter(cjk));
      break;
    default:
      std::swap(text[at], text[at + 1 < text.size() ? at + 1 : at - 1]);
  }
}

// Two letters that stand beside each other in some query, and then two of another, as long as a query may be: hundreds
// of distinct grams, most of them common, of which no query has many.
std::u32string UnknownQueries::Pieces() {
  std::u32string text;
  for (size_t bytes = 0;;) {
    const std::u32string query = CodePointsOf(Known());
    const std::u32string piece = query.substr(Below(query.size()), 2);
    bytes += EncodeUtf8(piece).size();
    if (bytes > kMaxQueryBytes) return text;
    text += piece;
  }
}

std::u32string UnknownQueries::Draw(Kind kind) {
  std::u32string text = CodePointsOf(Known());
  std::vector<std::string> words = absl::StrSplit(EncodeUtf8(text), ' ');
  switch (kind) {
    case kTwoTypos:
      Misspell(text, false);
      [[fallthrough]];
    case kTypo:
      Misspell(text, false);
      return text;
    case kWordAdded:
      return text + U' ' + Word();
    case kWordRemoved:
    case kWordsSwapped:
      if (words.size() < 2) return {};
      std::swap(words[Below(words.size() - 1)], words.back());
      if (kind == kWordRemoved) words.pop_back();
      return CodePointsOf(absl::StrJoin(words, " "));
    case kCjkPart: {
      const size_t letters = Letters(text, true).size();
      return letters < 3 || letters < text.size() ? std::u32string() : text.substr(Below(2), 2 + Below(letters - 2));
    }
    case kCjkTypo:
      Misspell(text, true);
      return text;
    case kNonsense:
      text.clear();
      for (size_t i = 4 + Below(9); i > 0; --i) text += Letter(false);
      return text;
    case kPieces:
      return Pieces();
    case kLong:
      break;
  }
  std::string joined = words[0];
  while (joined.size() < kLongBytes) absl::StrAppend(&joined, " ", EncodeUtf8(Word()));
  return CodePointsOf(joined);
}

}  // namespace kindred::bench
