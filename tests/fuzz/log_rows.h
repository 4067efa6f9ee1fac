// What every reader of a log must hold to, whatever the bytes.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "index/log/block_parser.h"
#include "index/log/ordered_ledger.h"
#include "index/log/search_row.h"
#include "tests/index/log/string_source.h"

namespace kindred::fuzzing {

inline void Require(bool condition) {
  if (!condition) std::abort();
}

inline constexpr int64_t kLatestMs = 4'102'444'800'000;  // 2100-01-01; no clock, so that an input always does the same.

inline void CheckEvent(const SearchEvent& event) {
  Require(!event.user.empty());
  Require(!event.query.empty() && event.query.size() <= kMaxTypedBytes);
  Require(event.time_ms >= 631'152'000'000 && event.time_ms <= kLatestMs);
  Require(event.market.size() <= 32);
  Require((event.action == Action::kSearch) == event.item.empty());
}

// Every row is an event, bad or skipped.
inline void CheckReport(const ReadReport& report) {
  uint64_t rows = report.event_rows + report.bad_rows();
  for (const auto& [name, reason] : report.skipped) {
    Require(reason.first.line > 0 && reason.first.detail.size() <= 120);
    rows += reason.rows;
  }
  Require(rows == report.rows);
}

// The first byte says how many bytes a read gives, the second, where it is odd, that columns are numbered, and how
// large blocks are.
struct LogInput {
  LogInput(const uint8_t* data, size_t size) {
    if (size < 2) return;
    bytes_a_read = data[0] % 16 == 0 ? std::string::npos : data[0];
    if (data[1] % 2 == 1) columns = {{"user", "1"}, {"time", "2"}, {"query", "3"}};
    block_bytes = data[1] / 2 + 1;
    text.assign(reinterpret_cast<const char*>(data) + 2, size - 2);
  }
  BlockReader NewReader(size_t bytes_a_block) const {
    return BlockReader(testing::NewStringSource(text, bytes_a_read), bytes_a_block);
  }
  std::string text;
  size_t bytes_a_read = std::string::npos;
  size_t block_bytes = 1;
  ColumnNames columns;
};

// What became of a log.
struct LogResult {
  std::vector<std::string> events;
  std::vector<std::string> report;
  friend bool operator==(const LogResult&, const LogResult&) = default;
};

inline void AddEvents(const EventBatch& batch, LogResult& result) {
  for (const SearchEvent& event : batch.events) {
    CheckEvent(event);
    result.events.push_back(absl::StrCat(event.user, "\t", event.query, "\t", event.item, "\t", event.market, "\t",
                                         event.time_ms, "\t", static_cast<int>(event.action)));
  }
}

// All blocks of an input, and then what waits in the join, if there is one.
inline LogResult ParseAll(BlockReader& reader, InputParser& input, UbiJoin* join) {
  OrderedLedger ledger(1);
  LogResult result;
  EventBatch batch;
  uint64_t number = 0;
  Require(ledger.Add(number++, {OrderedLedger::Entry::Kind::kInputBegins, "log", input.lines_before, {}, 0}).ok());
  bool more = true;
  while (more) {
    batch.events.clear();
    batch.texts.Clear();
    batch.tally.Clear();
    more = reader.Next(input.cut, batch.block).value();
    if (more) input.parser->Parse(batch);
    while (!more && join != nullptr) {
      const auto event = join->NextHeld(batch.tally);
      if (!event.has_value()) break;
      batch.events.push_back(*event);
    }
    AddEvents(batch, result);
    Require(ledger
                .Add(number++, {OrderedLedger::Entry::Kind::kRows, "", 0, std::exchange(batch.tally, RowTally()),
                                batch.events.size()})
                .ok());
  }
  CheckReport(ledger.ledger().report());
  result.report = ReportLines(ledger.ledger().report());
  return result;
}

// The log as one block, and in small blocks: the same, or the same reason why it cannot be read.
using NewParser = absl::StatusOr<InputParser> (*)(BlockReader&, const RowRules&);
inline void CheckLog(const LogInput& log, NewParser new_parser) {
  BlockReader whole = log.NewReader(1 << 20), cut = log.NewReader(log.block_bytes);
  absl::StatusOr<InputParser> of_whole = new_parser(whole, {log.columns, kLatestMs});
  absl::StatusOr<InputParser> of_cut = new_parser(cut, {log.columns, kLatestMs});
  Require(of_whole.status() == of_cut.status());
  if (!of_whole.ok()) return Require(!of_whole.status().message().empty());
  Require(ParseAll(whole, *of_whole, nullptr) == ParseAll(cut, *of_cut, nullptr));
}

}  // namespace kindred::fuzzing
