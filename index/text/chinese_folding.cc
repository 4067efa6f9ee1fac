#include "index/text/chinese_folding.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace kindred {
namespace {

#include "index/text/chinese_rules.inc"

// Rules of ICU 72 (CLDR 42) whose result holds a Traditional character that no other rule would leave.
bool IsMistaken(std::u32string_view from) {
  return from == U"苎" || from == U"剃发" || from == U"生旦净末丑" || from == U"內裡" || from == U"銀髮";
}

}  // namespace

const ChineseFolding& ChineseFolding::Get() {
  static const auto* const kInstance = new ChineseFolding;
  return *kInstance;
}

ChineseFolding::ChineseFolding() : rules_from_(0x10000, kNone) {
  static_assert(2 * std::size(kIcuRules) < kNone);
  for (const auto& [from, to] : kIcuRules) {
    if (!IsMistaken(from)) rules_.push_back({from, to});
  }
  // A guard for each result; ICU's own rule for the same characters, being earlier, wins.
  for (size_t i = 0, rules = rules_.size(); i < rules; ++i) {
    const std::u32string_view result = rules_[i].to;
    if (result.size() > 1) rules_.push_back({result, result});
  }
  std::stable_sort(rules_.begin(), rules_.end(), [](const Rule& a, const Rule& b) {
    return std::make_tuple(a.from[0], b.from.size()) < std::make_tuple(b.from[0], a.from.size());
  });
  for (size_t i = rules_.size(); i-- > 0;) rules_from_[rules_[i].from[0]] = static_cast<uint16_t>(i);
}

const ChineseFolding::Rule* ChineseFolding::FirstMatch(std::u32string_view text, size_t at) const {
  for (auto rule = rules_.begin() + rules_from_[text[at]]; rule != rules_.end() && rule->from[0] == text[at]; ++rule) {
    if (text.compare(at, rule->from.size(), rule->from) == 0) return &*rule;
  }
  return nullptr;
}

bool ChineseFolding::IsSimplified(std::u32string_view text) const {
  for (size_t i = 0; i < text.size();) {
    const Rule* const rule = RuleAt(text, i);
    if (rule != nullptr && rule->to != rule->from) return false;
    i += rule == nullptr ? 1 : rule->from.size();
  }
  return true;
}

std::u32string ChineseFolding::ToSimplified(std::u32string text) const {
  if (IsSimplified(text)) return text;
  std::u32string folded;
  folded.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const Rule* const rule = RuleAt(text, i);
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
