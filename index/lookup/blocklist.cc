#include "index/lookup/blocklist.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"

namespace kindred {

absl::StatusOr<Blocklist> Blocklist::Parse(absl::string_view lines) {
  Blocklist blocklist;
  absl::ConsumePrefix(&lines, "\xEF\xBB\xBF");  // A byte order mark, as spreadsheets write.
  int number = 0;
  for (absl::string_view line : absl::StrSplit(lines, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    const absl::Status added = blocklist.Add(line);
    if (!added.ok()) return absl::InvalidArgumentError(absl::StrCat("line ", number, ": ", added.message()));
  }
  return blocklist;
}

absl::Status Blocklist::Add(absl::string_view line) {
  const bool open_begin = absl::ConsumePrefix(&line, "*"), open_end = absl::ConsumeSuffix(&line, "*");
  if (absl::StrContains(line, '*')) return absl::InvalidArgumentError("a * stands at the beginning or the end only");
  ASSIGN_OR_RETURN(const NormalizedQuery keyword, NormalizeQuery(line));
  if (keyword.empty()) return absl::InvalidArgumentError("no letter or digit; write a keyword");
  if (!open_begin && !open_end) {
    keywords_.insert(StrippedForm(keyword));
    return absl::OkStatus();
  }
  Pattern pattern{std::string(keyword.text()), open_begin, open_end};
  if (std::find(patterns_.begin(), patterns_.end(), pattern) == patterns_.end()) {
    patterns_.push_back(std::move(pattern));
  }
  return absl::OkStatus();
}

bool Blocklist::Blocks(NormalizedView keyword) const {
  const absl::string_view text = keyword.text();
  const auto matches = [&](const Pattern& pattern) {
    if (!pattern.open_begin) return absl::StartsWith(text, pattern.text);
    if (!pattern.open_end) return absl::EndsWith(text, pattern.text);
    return absl::StrContains(text, pattern.text);
  };
  if (std::any_of(patterns_.begin(), patterns_.end(), matches)) return true;
  return !keywords_.empty() && keywords_.contains(StrippedForm(keyword));
}

}  // namespace kindred
