#include "index/text/chinese_folding.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "index/text/code_points.h"

namespace kindred {
namespace {

absl::StatusOr<std::string> IcuRules() {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> transliterator(
      icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, error));
  if (U_FAILURE(error)) {
    return absl::InternalError(
        absl::StrCat("ICU has no Traditional-Simplified rules (", u_errorName(error), "); install the full ICU data"));
  }
  icu::UnicodeString rules;
  transliterator->toRules(rules, /*escapeUnprintable=*/false);
  std::string text;
  return rules.toUTF8String(text);
}

// Rules of ICU 72 (CLDR 42) whose result holds a Traditional character that no other rule would leave.
bool IsMistaken(const std::u32string& from) {
  return from == U"苎" || from == U"剃发" || from == U"生旦净末丑" || from == U"內裡" || from == U"銀髮";
}

}  // namespace

const absl::StatusOr<ChineseFolding>& ChineseFolding::Get() {
  static const auto* const kInstance = new absl::StatusOr<ChineseFolding>(Make());
  return *kInstance;
}

absl::StatusOr<ChineseFolding> ChineseFolding::Make() {
  const absl::StatusOr<std::string> text = IcuRules();
  if (!text.ok()) return text.status();
  ChineseFolding folding;
  std::vector<std::u32string> results;
  for (const absl::string_view line : absl::StrSplit(*text, '\n', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> sides = absl::StrSplit(line, absl::MaxSplits(" > ", 1));
    Rule rule{CodePointsOf(sides.first), CodePointsOf(absl::StripSuffix(sides.second, ";"))};
    if (rule.from.empty() || rule.to.empty()) {
      return absl::InternalError(absl::StrCat("ICU's Traditional-Simplified rules have a new form: ", line));
    }
    if (IsMistaken(rule.from)) continue;
    if (rule.to.size() > 1) results.push_back(rule.to);
    folding.rules_by_first_[rule.from[0]].push_back(std::move(rule));
  }
  // A guard for each result; ICU's own rule for the same characters, being earlier, wins.
  for (std::u32string& result : results) {
    std::vector<Rule>& rules = folding.rules_by_first_[result[0]];
    rules.push_back({result, result});
  }
  for (auto& [first, rules] : folding.rules_by_first_) {
    if (first < folding.begins_rule_.size()) folding.begins_rule_.set(first);
    std::stable_sort(rules.begin(), rules.end(),
                     [](const Rule& a, const Rule& b) { return a.from.size() > b.from.size(); });
  }
  return folding;
}

const ChineseFolding::Rule* ChineseFolding::FirstMatch(const std::u32string& text, size_t at) const {
  const auto rules = rules_by_first_.find(text[at]);
  if (rules == rules_by_first_.end()) return nullptr;
  for (const Rule& rule : rules->second) {
    if (text.compare(at, rule.from.size(), rule.from) == 0) return &rule;
  }
  return nullptr;
}

std::u32string ChineseFolding::ToSimplified(std::u32string text) const {
  if (std::none_of(text.begin(), text.end(), [&](char32_t c) { return MayMatch(c); })) return text;
  std::u32string folded;
  folded.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const Rule* const rule = MayMatch(text[i]) && IsHan(text[i]) ? FirstMatch(text, i) : nullptr;
    if (rule == nullptr) {
      folded.push_back(text[i++]);
    } else {
      folded += rule->to;
      i += rule->from.size();
    }
  }
  return folded;
}

}  // namespace kindred
