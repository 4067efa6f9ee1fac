#include <array>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "index/log/json_line.h"
#include "index/log/line_splitter.h"
#include "index/log/row_reader.h"
#include "index/log/search_row.h"

namespace kindred {
namespace {

// Where the dialects keep each role's value; the first place that has one counts.
std::array<std::vector<JsonPath>, kRoles> UbiPaths(const ColumnNames& named) {
  static constexpr std::array<absl::string_view, kRoles> kPlaces = {
      "client_id user_id",
      "session_id event_attributes.session_id",
      "timestamp",
      "user_query",
      "event_attributes.object.object_id event_attributes.object_id object_id",
      "action_name",
      "event_attributes.result_count",
      "",
  };
  std::array<std::vector<JsonPath>, kRoles> paths;
  for (size_t role = 0; role < kRoles; ++role) {
    const auto entry = named.find(std::string(kRoleNames[role]));
    if (entry != named.end()) {
      paths[role].emplace_back(entry->second);
      continue;
    }
    for (const absl::string_view place : absl::StrSplit(kPlaces[role], ' ', absl::SkipEmpty())) {
      paths[role].emplace_back(place);
    }
  }
  return paths;
}

RowVerdict Skipped(absl::string_view reason, absl::string_view value) {
  return {RowVerdict::Kind::kSkipped, reason, value, {}};
}

class UbiReader final : public RowReader {
 public:
  UbiReader(BlockBuffer* buffer, const RowRules& rules, UbiJoin* join, RowLedger* ledger)
      : lines_(buffer), paths_(UbiPaths(rules.columns)), latest_ms_(rules.latest_ms), join_(join), ledger_(ledger) {}

  absl::StatusOr<std::optional<SearchEvent>> Next() override {
    while (true) {
      ASSIGN_OR_RETURN(const std::optional<Line> line, lines_.Next());
      if (!line.has_value()) return std::nullopt;
      const absl::string_view text = absl::StripAsciiWhitespace(line->text);
      if (text.empty()) continue;
      const absl::string_view bad_reason = line->too_long ? "line too long" : json_.Parse(text);
      if (!bad_reason.empty()) {
        RETURN_IF_ERROR(ledger_->AddBad(bad_reason, line->number, text.substr(0, 200)));
        continue;
      }
      if (IsActionLine()) {
        ledger_->AddActionLine();
        continue;
      }
      const RowVerdict verdict = JudgeDocument(text);
      if (verdict.kind != RowVerdict::Kind::kEvent) {
        RETURN_IF_ERROR(ledger_->AddRefused(verdict, line->number));
      } else if (is_search_document_) {
        join_->AddSearch(query_id_, verdict.event);
        ledger_->AddEventRow();
        return verdict.event;
      } else {
        join_->Hold(query_id_, verdict.event, line->number);
      }
    }
  }

 private:
  bool IsActionLine() const {
    for (const absl::string_view action : {"index", "create", "update", "delete"}) {
      if (json_.IsWrapped(action)) return true;
    }
    return false;
  }

  absl::string_view Value(Role role) {
    for (const JsonPath& path : paths_[static_cast<size_t>(role)]) {
      const absl::string_view text = absl::StripAsciiWhitespace(json_.TextOrEmpty(path));
      if (!text.empty()) return text;
    }
    return absl::string_view();
  }

  // A search or an event; sets query_id_ and is_search_document_.
  RowVerdict JudgeDocument(absl::string_view text) {
    json_.Enter("_source");  // As dumps of an index wrap documents.
    query_id_ = json_.TextOrEmpty(query_id_path_);
    SearchRow row;
    for (const Role role : {Role::kUser, Role::kSession, Role::kTime, Role::kHits, Role::kMarket}) {
      row.values[static_cast<size_t>(role)] = Value(role);
    }
    const JsonPath& query = paths_[static_cast<size_t>(Role::kQuery)][0];
    absl::string_view& row_query = row.values[static_cast<size_t>(Role::kQuery)];
    row_query = json_.TextOrEmpty(query);
    const absl::string_view action = OptionalValue(Value(Role::kAction));
    is_search_document_ = action.empty();
    if (!is_search_document_) return JudgeEvent(action, row);
    if (!json_.Has(query)) {
      return {RowVerdict::Kind::kBad, "neither query nor event", text.substr(0, 200), {}};
    }
    return JudgeRow(row, latest_ms_);
  }

  RowVerdict JudgeEvent(absl::string_view action_name, SearchRow row) {
    const std::optional<Action> action = ParseAction(action_name);
    if (!action.has_value()) return Skipped(kOtherAction, action_name);
    absl::string_view& query = row.values[static_cast<size_t>(Role::kQuery)];
    if (*action == Action::kSearch) {
      // The schema's message of type QUERY is the text searched for.
      const bool says_query = absl::EqualsIgnoreCase(json_.TextOrEmpty(message_type_path_), "query");
      if (query.empty() && says_query) query = json_.TextOrEmpty(message_path_);
      if (absl::StripAsciiWhitespace(query).empty()) return Skipped("search event without its query", action_name);
      return JudgeRow(row, latest_ms_);
    }
    row.values[static_cast<size_t>(Role::kItem)] = OptionalValue(Value(Role::kItem));
    if (row[Role::kItem].empty()) return Skipped("event without an item", action_name);
    // The search will tell the query; until then something must stand there.
    const bool query_is_open = absl::StripAsciiWhitespace(query).empty();
    if (query_is_open) query = "?";
    RowVerdict verdict = JudgeRow(row, latest_ms_);
    verdict.event.action = *action;
    if (query_is_open) verdict.event.query = absl::string_view();
    return verdict;
  }

  LineSplitter lines_;
  const std::array<std::vector<JsonPath>, kRoles> paths_;
  const JsonPath query_id_path_{"query_id"}, message_path_{"message"}, message_type_path_{"message_type"};
  const int64_t latest_ms_;
  UbiJoin* const join_;
  RowLedger* const ledger_;
  JsonLine json_;
  absl::string_view query_id_;       // Of the current document.
  bool is_search_document_ = false;  // Else an event.
};

}  // namespace

std::unique_ptr<RowReader> NewUbiReader(BlockBuffer* buffer, const RowRules& rules, UbiJoin* join, RowLedger* ledger) {
  return std::make_unique<UbiReader>(buffer, rules, join, ledger);
}

}  // namespace kindred
