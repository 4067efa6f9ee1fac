// Accounts for every row of a log, and says when too many are bad.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "index/log/event_reader.h"
#include "index/log/search_row.h"

namespace kindred {

// Not thread-safe.
class RowLedger {
 public:
  explicit RowLedger(double max_bad_rows) : max_bad_rows_(max_bad_rows) {}

  void StartFile(std::string name) { file_ = std::move(name); }
  // One row of the current file each. InvalidArgument of AddBad(): more than half (and more than max_bad_rows) of the
  // rows so far, 10,000 or more, are bad, as where a column is the wrong one. This alone depends on the order of the
  // log: bad rows that stand closely together are otherwise judged by their share of the whole, in CheckAtEnd().
  void AddEventRow() { ++report_.rows, ++report_.event_rows; }
  absl::Status AddBad(absl::string_view reason, uint64_t line, absl::string_view detail);
  void AddSkipped(absl::string_view reason, uint64_t line, absl::string_view detail);
  // A verdict that is no event.
  absl::Status AddRefused(const RowVerdict& verdict, uint64_t line);
  void AddActionLine() { ++report_.action_lines; }
  void AddEvent() { ++report_.events; }

  // At the end of all inputs. InvalidArgument: more than max_bad_rows of the rows are bad.
  absl::Status CheckAtEnd() const;
  const ReadReport& report() const { return report_; }
  const std::string& file() const { return file_; }

  // Rows that are judged after their file was left, such as UBI clicks that wait for their search: HoldRow() when read,
  // then one of the others for each.
  void HoldRow() { ++report_.rows; }
  void SettleEventRow() { ++report_.event_rows; }
  void SettleSkipped(absl::string_view reason, RowExample example);

 private:
  absl::Status CheckShare(double most) const;

  const double max_bad_rows_;
  std::string file_;
  uint64_t bad_rows_ = 0;
  ReadReport report_;
};

}  // namespace kindred
