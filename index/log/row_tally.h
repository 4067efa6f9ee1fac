// What became of the rows of one block, for the RowLedger of the whole log.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "index/log/row_refusal.h"
#include "index/log/row_report.h"

namespace kindred {

// Not thread-safe. Costs nothing for rows that are well, and keeps for the others what RowLedger::Merge() needs to come
// to the same result as if it had seen row by row, in the order of the log.
class RowTally {
 public:
  // Bad or skipped. `row` counts from 0 in the block; it decides when too many rows are bad.
  struct Refusal {
    uint64_t row;
    size_t reason;  // Of reasons().
  };
  struct Reason {
    RowRefusal::Kind kind;
    std::string name;
    RowExample first;  // Where no file is named, of the block's file, and the line counts from 1 in the block.
  };

  void Clear();
  void AddEventRow() { ++rows, ++event_rows; }
  void AddBad(absl::string_view reason, uint64_t line, absl::string_view detail);
  void AddRefused(const RowRefusal& refusal, uint64_t line);
  void AddActionLine() { ++action_lines; }

  // Rows that are judged after their file was left, such as UBI clicks that wait for their search: HoldRow() when read,
  // then one of the others for each.
  void HoldRow() { ++rows; }
  void SettleEventRow() { ++event_rows; }
  void SettleSkipped(absl::string_view reason, absl::string_view file, uint64_t line, absl::string_view detail);

  const std::vector<Refusal>& refusals() const { return refusals_; }  // In the order of the log.
  const std::vector<Reason>& reasons() const { return reasons_; }     // In the order in which they came up.

  uint64_t rows = 0;
  uint64_t event_rows = 0;
  uint64_t action_lines = 0;
  uint64_t lines = 0;  // Of the block; the next one begins behind them.

 private:
  void Refuse(RowRefusal::Kind kind, absl::string_view reason, absl::string_view file, uint64_t line,
              absl::string_view detail);

  std::vector<Refusal> refusals_;
  std::vector<Reason> reasons_;
  std::array<absl::flat_hash_map<std::string, size_t>, 3> index_of_;  // By kind and name.
};

}  // namespace kindred
