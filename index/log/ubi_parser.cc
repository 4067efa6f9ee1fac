#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "index/log/block_parser.h"
#include "index/log/json_line.h"
#include "index/log/line_pass.h"
#include "index/log/row_members.h"
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
      if (!entry->second.empty()) paths[role].emplace_back(entry->second);
      continue;
    }
    for (const absl::string_view place : absl::StrSplit(kPlaces[role], ' ', absl::SkipEmpty())) {
      paths[role].emplace_back(place);
    }
  }
  return paths;
}

// A market stands nowhere in the schema: under a usual name, if at all.
ColumnNames MarketAlone(const ColumnNames& named) {
  ColumnNames market;
  for (const absl::string_view role : kRoleNames) market.emplace(role, "");
  if (!named.contains("market")) market.erase("market");
  return market;
}

RowVerdict Skipped(absl::string_view reason, absl::string_view value) {
  return {{RowVerdict::Kind::kSkipped, reason, value}, {}};
}

class UbiParser final : public BlockParser {
 public:
  UbiParser(const RowRules& rules, std::string file, UbiJoin* join)
      : paths_(UbiPaths(rules.columns)),
        market_alone_(MarketAlone(rules.columns)),
        latest_ms_(rules.latest_ms),
        file_(std::move(file)),
        join_(join) {}

  bool is_serial() const override { return true; }

  void Parse(EventBatch& batch) override {
    ForEachLine(batch, [&](absl::string_view line, bool too_long) { AddLine(line, too_long, batch); });
    lines_before_ += batch.tally.lines;
  }

 private:
  void AddLine(absl::string_view text, bool too_long, EventBatch& batch) {
    const absl::string_view bad_reason = too_long ? "line too long" : json_.Parse(text);
    if (!bad_reason.empty()) return batch.tally.AddBad(bad_reason, batch.tally.lines, text.substr(0, 200));
    if (IsActionLine()) return batch.tally.AddActionLine();
    const RowVerdict verdict = JudgeDocument(text);
    if (verdict.kind != RowVerdict::Kind::kEvent) {
      batch.tally.AddRefused(verdict, batch.tally.lines);
    } else if (is_search_document_) {
      join_->AddSearch(query_id_, verdict.event);
      batch.tally.AddEventRow();
      AddCopy(batch, verdict.event);
    } else {
      join_->Hold(query_id_, verdict.event, file_, lines_before_ + batch.tally.lines);
      batch.tally.HoldRow();
    }
  }

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
    if (const RowRefusal refusal = market_.Read(json_, row); refusal.kind != RowRefusal::Kind::kEvent) {
      return {refusal, {}};
    }
    const JsonPath& query = paths_[static_cast<size_t>(Role::kQuery)][0];
    absl::string_view& row_query = row.values[static_cast<size_t>(Role::kQuery)];
    row_query = json_.TextOrEmpty(query);
    const absl::string_view action = OptionalValue(Value(Role::kAction));
    is_search_document_ = action.empty();
    if (!is_search_document_) return JudgeEvent(action, row);
    if (!json_.Has(query)) {
      return {{RowVerdict::Kind::kBad, "neither query nor event", text.substr(0, 200)}, {}};
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
      if (OptionalValue(query).empty() && says_query) query = json_.TextOrEmpty(message_path_);
      if (OptionalValue(query).empty()) return Skipped("search event without its query", action_name);
      return JudgeRow(row, latest_ms_);
    }
    row.values[static_cast<size_t>(Role::kItem)] = OptionalValue(Value(Role::kItem));
    if (row[Role::kItem].empty()) return Skipped("event without an item", action_name);
    // The search will tell the query; until then something must stand there.
    const bool query_is_open = OptionalValue(query).empty();
    if (query_is_open) query = "?";
    RowVerdict verdict = JudgeRow(row, latest_ms_);
    verdict.event.action = *action;
    if (query_is_open) verdict.event.query = absl::string_view();
    return verdict;
  }

  const std::array<std::vector<JsonPath>, kRoles> paths_;
  const ColumnNames market_alone_;
  RowMembers market_{market_alone_};
  const JsonPath query_id_path_{"query_id"}, message_path_{"message"}, message_type_path_{"message_type"};
  const int64_t latest_ms_;
  const std::string file_;
  UbiJoin* const join_;
  uint64_t lines_before_ = 0;  // Of the input, before the current block.
  JsonLine json_;
  absl::string_view query_id_;       // Of the current document.
  bool is_search_document_ = false;  // Else an event.
};

}  // namespace

absl::Status CheckUbiColumns(const ColumnNames& named) {
  const auto is_left_out = [&](const char* role) { return named.contains(role) && named.at(role).empty(); };
  for (const char* role : {"time", "query"}) {
    if (is_left_out(role)) return absl::InvalidArgumentError(absl::StrCat("--columns ", role, "=: it is needed"));
  }
  if (!is_left_out("user") || !is_left_out("session")) return absl::OkStatus();
  return absl::InvalidArgumentError("--columns user=,session=: one of them is needed");
}

InputParser NewUbiParser(const RowRules& rules, std::string file, UbiJoin* join) {
  return InputParser{std::make_unique<UbiParser>(rules, std::move(file), join), CutLines, 0};
}

}  // namespace kindred
