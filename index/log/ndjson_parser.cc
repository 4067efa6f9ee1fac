#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/log/block_parser.h"
#include "index/log/json_line.h"
#include "index/log/line_pass.h"
#include "index/log/row_members.h"
#include "index/log/search_row.h"

namespace kindred {
namespace {

constexpr size_t kLookedAtBytes = kMaxRecordBytes;  // To find the members that objects have; thousands of rows.

class NdjsonParser final : public BlockParser {
 public:
  explicit NdjsonParser(const RowRules& rules) : rules_(rules) {}

  void Parse(EventBatch& batch) override {
    JsonLine json;
    RowMembers members(rules_.columns);
    ForEachLine(batch, [&](absl::string_view line, bool too_long) {
      const absl::string_view bad_reason = too_long ? "line too long" : json.Parse(line);
      const RowRefusal refusal = bad_reason.empty()
                                     ? Judge(json, members, batch.events)
                                     : RowRefusal{RowRefusal::Kind::kBad, bad_reason, line.substr(0, 200)};
      if (refusal.kind != RowRefusal::Kind::kEvent) return batch.tally.AddRefused(refusal, batch.tally.lines);
      KeepTexts(batch, batch.events.back());  // The next line's texts take the place of these.
      batch.tally.AddEventRow();
    });
  }

 private:
  RowRefusal Judge(JsonLine& json, RowMembers& members, std::vector<SearchEvent>& events) const {
    SearchRow row;
    RowRefusal refusal = members.Read(json, row);
    if (refusal.kind == RowRefusal::Kind::kEvent) JudgeRowInto(row, rules_.latest_ms, false, events, refusal);
    return refusal;
  }

  const RowRules rules_;
};

// The names of all members, in the order in which they come up. InvalidArgument: two in one row are of one role.
absl::StatusOr<std::vector<std::string>> NamesAtTheBeginning(absl::string_view beginning, const ColumnNames& named) {
  std::string padded(beginning);
  padded.append(LogBlock::kPaddingBytes, '\0');
  JsonLine json;
  RowMembers members(named);
  std::vector<std::string> names;
  absl::flat_hash_set<std::string> seen;
  absl::string_view rest = absl::string_view(padded).substr(0, beginning.size());
  while (!rest.empty()) {
    const absl::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (!json.Parse(line).empty()) continue;
    SearchRow row;
    const RowRefusal refusal = members.Read(json, row);
    if (refusal.reason == kTwoMembers) return absl::InvalidArgumentError(absl::StrCat("columns ", refusal.value));
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
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesAtTheBeginning(beginning, rules.columns));
  if (names.empty()) return absl::InvalidArgumentError("no JSON object at its beginning; one on each line is needed");
  RETURN_IF_ERROR(CheckNames(std::vector<absl::string_view>(names.begin(), names.end()), rules.columns));
  return InputParser{std::make_unique<NdjsonParser>(rules), CutLines, 0};
}

}  // namespace kindred
