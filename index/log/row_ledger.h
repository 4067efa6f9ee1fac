// Accounts for every row of a log, and says when too many are bad.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "index/log/row_report.h"
#include "index/log/row_tally.h"

namespace kindred {

// Not thread-safe.
class RowLedger {
 public:
  explicit RowLedger(double max_bad_rows) : max_bad_rows_(max_bad_rows) {}

  // lines_before: those of the file before its first block, such as its header.
  void StartFile(std::string name, uint64_t lines_before = 0);
  // The next block of the file. Whatever the blocks that the log was cut into, the result is the same.
  //   InvalidArgument: more than half (and more than max_bad_rows) of the rows so far, 10,000 or more, are bad, as
  //   where a column is the wrong one; the report then ends with the row that was too much. This alone depends on the
  //   order of the log: bad rows that stand closely together are otherwise judged by their share of the whole, in
  //   CheckAtEnd().
  absl::Status Merge(const RowTally& tally);
  // The file is at its end.
  void EndFile();
  void AddEvents(uint64_t events) { report_.events += events; }

  // At the end of all inputs. InvalidArgument: more than max_bad_rows of the rows are bad, or files ended and none had
  // a row.
  absl::Status CheckAtEnd() const;
  const ReadReport& report() const { return report_; }

 private:
  ReadReport::Reason* Find(const RowTally::Reason& reason);

  const double max_bad_rows_;
  std::string file_;
  uint64_t rows_before_file_ = 0;
  uint64_t lines_before_ = 0;  // Of the file, before the next block.
  uint64_t bad_rows_ = 0;
  ReadReport report_;
};

}  // namespace kindred
