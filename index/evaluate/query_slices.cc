#include "index/evaluate/query_slices.h"

#include <unicode/uscript.h>

#include <algorithm>
#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "index/text/code_points.h"

namespace kindred {
namespace {

UScriptCode Script(char32_t c) {
  if (IsKana(c)) return USCRIPT_KATAKANA_OR_HIRAGANA;
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(static_cast<UChar32>(c), &error);
  return U_FAILURE(error) || script == USCRIPT_INHERITED ? USCRIPT_COMMON : script;
}

}  // namespace

std::string ScriptOf(const NormalizedQuery& query) {
  std::set<UScriptCode> scripts;
  for (const char32_t c : CodePointsOf(query.text())) scripts.insert(Script(c));
  scripts.erase(USCRIPT_COMMON);
  if (scripts.empty()) return "no letters";
  if (scripts == std::set<UScriptCode>{USCRIPT_HAN, USCRIPT_KATAKANA_OR_HIRAGANA}) return "Han and kana";
  if (scripts.size() > 1) return "mixed";
  if (*scripts.begin() == USCRIPT_KATAKANA_OR_HIRAGANA) return "kana";
  return uscript_getName(*scripts.begin());
}

std::string WordCountName(size_t words) {
  if (words >= 4) return "4 words and more";
  return absl::StrCat(words, words == 1 ? " word" : " words");
}

PopularityClasses::PopularityClasses(std::vector<uint32_t> searches) {
  if (searches.empty()) return;
  std::sort(searches.begin(), searches.end(), std::greater<>());
  head_ = searches[(searches.size() - 1) / 3];
  torso_ = searches[(searches.size() - 1) * 2 / 3];
}

absl::string_view PopularityClasses::ClassOf(uint32_t searches) const {
  return searches >= head_ ? "head" : searches >= torso_ ? "torso" : "tail";
}

}  // namespace kindred
