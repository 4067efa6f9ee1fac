// What every reader of a log must hold to, whatever the bytes.
#pragma once

#include <cstdlib>
#include <string>

#include "index/log/row_reader.h"
#include "index/log/search_row.h"

namespace kindred::fuzzing {

inline void Require(bool condition) {
  if (!condition) std::abort();
}

inline constexpr int64_t kLatestMs = 4'102'444'800'000;  // 2100-01-01; no clock, so that an input always does the same.

inline void CheckEvent(const SearchEvent& event) {
  Require(!event.user.empty());
  Require(!event.query.empty() && event.query.size() <= kMaxQueryBytes);
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

inline void CheckRows(const absl::StatusOr<std::unique_ptr<RowReader>>& reader, const RowLedger& ledger) {
  if (!reader.ok()) {
    Require(!reader.status().message().empty());
    return;
  }
  while (true) {
    const absl::StatusOr<std::optional<SearchEvent>> event = (*reader)->Next();
    if (!event.ok() || !event->has_value()) break;
    CheckEvent(**event);
  }
  CheckReport(ledger.report());
}

// The first byte says how many bytes a read gives, the second, where it is odd, that columns are numbered.
struct LogInput {
  LogInput(const uint8_t* data, size_t size) {
    if (size < 2) return;
    bytes_a_read = data[0] % 16 == 0 ? std::string::npos : data[0];
    if (data[1] % 2 == 1) columns = {{"user", "1"}, {"time", "2"}, {"query", "3"}};
    text.assign(reinterpret_cast<const char*>(data) + 2, size - 2);
  }
  std::string text;
  size_t bytes_a_read = std::string::npos;
  ColumnNames columns;
};

}  // namespace kindred::fuzzing
