#include "index/text/grams.h"

#include <algorithm>
#include <string>

#include "index/text/code_points.h"

namespace kindred {
namespace {

// Characters of which two carry as much as three letters: Han, kana, Zhuyin and Hangul syllables.
bool IsDense(char32_t c) { return IsUnspacedCjk(c) || (c >= 0xAC00 && c <= 0xD7A3); }

Gram MakeGram(char32_t first, char32_t second, char32_t third) {
  return static_cast<Gram>(first) << 42 | static_cast<Gram>(second) << 21 | third;
}

}  // namespace

std::vector<Gram> DistinctGrams(NormalizedView query) {
  if (query.empty()) return {};
  std::u32string text = U"^";
  for (const char32_t c : CodePointsOf(query.text())) {
    if (c != ' ') text.push_back(c);
  }
  text.push_back(U'$');
  std::vector<Gram> grams;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (IsDense(text[i]) || IsDense(text[i + 1])) {
      grams.push_back(MakeGram(text[i], text[i + 1], 0));
    } else if (i + 2 < text.size() && !IsDense(text[i + 2])) {
      grams.push_back(MakeGram(text[i], text[i + 1], text[i + 2]));
    }
  }
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

}  // namespace kindred
