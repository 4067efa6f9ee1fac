#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/status_macros.h"
#include "index/log/json_line.h"
#include "index/log/line_splitter.h"
#include "index/log/row_reader.h"

namespace kindred {
namespace {

constexpr size_t kLookedAtBytes = kMaxRecordBytes;  // To find the members that objects have; thousands of rows.

class NdjsonReader final : public RowReader {
 public:
  NdjsonReader(BlockBuffer* buffer, int64_t latest_ms, RowLedger* ledger)
      : buffer_(buffer), lines_(buffer), latest_ms_(latest_ms), ledger_(ledger) {}

  absl::Status Start(const ColumnNames& named) {
    if (AllNumbered(named)) {
      return absl::InvalidArgumentError(
          "NDJSON has no numbered columns; write --columns user=NAME,time=NAME,query=NAME");
    }
    RETURN_IF_ERROR(buffer_->FillTo(kLookedAtBytes));
    const std::vector<std::string> names = NamesAtTheBeginning();
    if (names.empty()) return absl::InvalidArgumentError("no JSON object at its beginning; one on each line is needed");
    const std::vector<absl::string_view> header(names.begin(), names.end());
    ASSIGN_OR_RETURN(const ColumnMap map, FindColumns(header, named));
    for (size_t role = 0; role < kRoles; ++role) {
      if (map.columns[role].has_value()) paths_[role].emplace(names[*map.columns[role]]);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<SearchEvent>> Next() override {
    while (true) {
      ASSIGN_OR_RETURN(const std::optional<Line> line, lines_.Next());
      if (!line.has_value()) return std::nullopt;
      const absl::string_view text = absl::StripAsciiWhitespace(line->text);
      if (text.empty()) continue;
      const absl::string_view bad_reason = line->too_long ? "line too long" : json_.Parse(text);
      const RowVerdict verdict =
          bad_reason.empty() ? Judge() : RowVerdict{RowVerdict::Kind::kBad, bad_reason, text.substr(0, 200), {}};
      if (verdict.kind == RowVerdict::Kind::kEvent) {
        ledger_->AddEventRow();
        return verdict.event;
      }
      RETURN_IF_ERROR(ledger_->AddRefused(verdict, line->number));
    }
  }

 private:
  // In the order in which they come up.
  std::vector<std::string> NamesAtTheBeginning() {
    std::vector<std::string> names;
    absl::flat_hash_set<std::string> seen;
    absl::string_view rest(buffer_->data().data(), buffer_->data().size());
    while (!rest.empty()) {
      const absl::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      if (!json_.Parse(line).empty()) continue;
      for (std::string& name : json_.Names()) {
        if (seen.insert(name).second) names.push_back(std::move(name));
      }
    }
    return names;
  }

  RowVerdict Judge() {
    SearchRow row;
    for (size_t role = 0; role < kRoles; ++role) {
      if (!paths_[role].has_value()) continue;
      const std::optional<absl::string_view> text = json_.Text(*paths_[role]);
      const bool optional = role == static_cast<size_t>(Role::kHits) || role == static_cast<size_t>(Role::kAction);
      if (!text.has_value() && !optional) {
        return {RowVerdict::Kind::kBad, "value is no string or number", paths_[role]->dotted(), {}};
      }
      row.values[role] = text.value_or(absl::string_view());
    }
    return JudgeRow(row, latest_ms_);
  }

  BlockBuffer* const buffer_;
  LineSplitter lines_;
  const int64_t latest_ms_;
  RowLedger* const ledger_;
  JsonLine json_;
  std::array<std::optional<JsonPath>, kRoles> paths_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowReader>> NewNdjsonReader(BlockBuffer* buffer, const RowRules& rules,
                                                           RowLedger* ledger) {
  auto reader = std::make_unique<NdjsonReader>(buffer, rules.latest_ms, ledger);
  RETURN_IF_ERROR(reader->Start(rules.columns));
  return reader;
}

}  // namespace kindred
