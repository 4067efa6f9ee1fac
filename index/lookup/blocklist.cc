#include "index/lookup/blocklist.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"
#include "index/text/stripped_form.h"

namespace kindred {
namespace {

// As input methods of Chinese and Japanese type them.
std::string WithAsciiSigns(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"＊", "*"}, {"＃", "#"}, {"　", " "}});
}

bool IsLost(char sign, char normal) { return absl::ascii_ispunct(static_cast<unsigned char>(sign)) && sign != normal; }

}  // namespace

absl::StatusOr<Blocklist> Blocklist::Parse(absl::string_view text) {
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");  // A byte order mark, as spreadsheets write.
  const std::string plain = WithAsciiSigns(text);
  if (absl::StripAsciiWhitespace(plain).empty()) {
    return absl::InvalidArgumentError("it is empty; where nothing is blocked, write a # alone");
  }
  Blocklist blocklist;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(plain, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    const absl::Status added = blocklist.Add(line);
    if (!added.ok()) return absl::InvalidArgumentError(absl::StrCat("line ", number, ": ", added.message()));
    ++blocklist.lines_;
  }
  return blocklist;
}

absl::Status Blocklist::Add(absl::string_view line) {
  const bool open_begin = absl::ConsumePrefix(&line, "*"), open_end = absl::ConsumeSuffix(&line, "*");
  if (absl::StrContains(line, '*')) return absl::InvalidArgumentError("a * stands at the beginning or the end only");
  if (open_begin || open_end) return AddPattern(line, open_begin, open_end);
  ASSIGN_OR_RETURN(const NormalizedQuery keyword, NormalizeQuery(line));
  if (keyword.empty()) return absl::InvalidArgumentError("no letter or digit; write a keyword");
  keywords_.insert(StrippedForm(keyword));
  return absl::OkStatus();
}

absl::Status Blocklist::AddPattern(absl::string_view inner, bool open_begin, bool open_end) {
  ASSIGN_OR_RETURN(const NormalizedQuery query, NormalizeQuery(inner));
  const absl::string_view trimmed = absl::StripAsciiWhitespace(inner), normal = query.text();
  if (normal.empty()) return absl::InvalidArgumentError("no letter or digit; write a part of a keyword");
  if (IsLost(trimmed.front(), normal.front()) || IsLost(trimmed.back(), normal.back())) {
    return absl::InvalidArgumentError(
        absl::StrCat("keywords hold no such punctuation; \"", normal, "\" is what would be blocked"));
  }
  Pattern pattern{Spelling(query), open_begin, open_end};
  if (!open_begin || absl::ascii_isspace(static_cast<unsigned char>(inner.front()))) pattern.text.insert(0, 1, ' ');
  if (!open_end || absl::ascii_isspace(static_cast<unsigned char>(inner.back()))) pattern.text.push_back(' ');
  if (std::find(patterns_.begin(), patterns_.end(), pattern) != patterns_.end()) return absl::OkStatus();
  if (patterns_.size() == kMostPatterns) {
    return absl::InvalidArgumentError(
        absl::StrCat("more than ", kMostPatterns, " patterns; name keywords, without a *"));
  }
  patterns_.push_back(std::move(pattern));
  return absl::OkStatus();
}

bool Blocklist::Blocks(NormalizedView keyword) const {
  const std::string spelling = Spelling(keyword);
  if (!keywords_.empty() && keywords_.contains(WithoutSpaces(spelling))) return true;
  if (patterns_.empty()) return false;
  const std::string between_spaces = absl::StrCat(" ", spelling, " ");
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const Pattern& pattern) {
    if (!pattern.open_begin) return absl::StartsWith(between_spaces, pattern.text);
    if (!pattern.open_end) return absl::EndsWith(between_spaces, pattern.text);
    return absl::StrContains(between_spaces, pattern.text);
  });
}

}  // namespace kindred
