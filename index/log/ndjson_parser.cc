#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/log/block_parser.h"
#include "index/log/json_line.h"
#include "index/log/line_pass.h"
#include "index/log/search_row.h"

namespace kindred {
namespace {

constexpr size_t kLookedAtBytes = kMaxRecordBytes;  // To find the members that objects have; thousands of rows.

using RolePaths = std::array<std::optional<JsonPath>, kRoles>;

class NdjsonParser final : public BlockParser {
 public:
  NdjsonParser(RolePaths paths, int64_t latest_ms) : paths_(std::move(paths)), latest_ms_(latest_ms) {}

  void Parse(EventBatch& batch) override {
    JsonLine json;
    ForEachLine(batch, [&](absl::string_view line, bool too_long) {
      const absl::string_view bad_reason = too_long ? "line too long" : json.Parse(line);
      const RowRefusal refusal = bad_reason.empty()
                                     ? Judge(json, batch.events)
                                     : RowRefusal{RowRefusal::Kind::kBad, bad_reason, line.substr(0, 200)};
      if (refusal.kind != RowRefusal::Kind::kEvent) return batch.tally.AddRefused(refusal, batch.tally.lines);
      KeepTexts(batch, batch.events.back());  // The next line's texts take the place of these.
      batch.tally.AddEventRow();
    });
  }

 private:
  RowRefusal Judge(JsonLine& json, std::vector<SearchEvent>& events) const {
    SearchRow row;
    for (size_t role = 0; role < kRoles; ++role) {
      if (!paths_[role].has_value()) continue;
      const std::optional<absl::string_view> text = json.Text(*paths_[role]);
      const bool optional = role == static_cast<size_t>(Role::kHits) || role == static_cast<size_t>(Role::kAction);
      if (!text.has_value() && !optional) {
        return {RowRefusal::Kind::kBad, "value is no string or number", paths_[role]->dotted()};
      }
      row.values[role] = text.value_or(absl::string_view());
    }
    RowRefusal refusal;
    JudgeRowInto(row, latest_ms_, false, events, refusal);
    return refusal;
  }

  const RolePaths paths_;
  const int64_t latest_ms_;
};

// In the order in which they come up.
std::vector<std::string> NamesAtTheBeginning(absl::string_view beginning) {
  std::string padded(beginning);
  padded.append(LogBlock::kPaddingBytes, '\0');
  JsonLine json;
  std::vector<std::string> names;
  absl::flat_hash_set<std::string> seen;
  absl::string_view rest = absl::string_view(padded).substr(0, beginning.size());
  while (!rest.empty()) {
    const absl::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (!json.Parse(line).empty()) continue;
    for (std::string& name : json.Names()) {
      if (seen.insert(name).second) names.push_back(std::move(name));
    }
  }
  return names;
}

}  // namespace

absl::StatusOr<InputParser> NewNdjsonParser(BlockReader& reader, const RowRules& rules) {
  if (AllNumbered(rules.columns)) {
    return absl::InvalidArgumentError("NDJSON has no numbered columns; write --columns user=NAME,time=NAME,query=NAME");
  }
  ASSIGN_OR_RETURN(const absl::string_view beginning, reader.Peek(kLookedAtBytes));
  const std::vector<std::string> names = NamesAtTheBeginning(beginning);
  if (names.empty()) return absl::InvalidArgumentError("no JSON object at its beginning; one on each line is needed");
  const std::vector<absl::string_view> header(names.begin(), names.end());
  ASSIGN_OR_RETURN(const ColumnMap map, FindColumns(header, rules.columns));
  RolePaths paths;
  for (size_t role = 0; role < kRoles; ++role) {
    if (map.columns[role].has_value()) paths[role].emplace(names[*map.columns[role]]);
  }
  return InputParser{std::make_unique<NdjsonParser>(std::move(paths), rules.latest_ms), CutLines, 0};
}

}  // namespace kindred
