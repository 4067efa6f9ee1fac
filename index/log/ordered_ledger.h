// Takes what threads have to say of their pieces of a log in any order, and brings it to the ledger in the order of the
// log, so that the report does not depend on the threads.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "index/log/row_ledger.h"
#include "index/log/row_tally.h"

namespace kindred {

// Not thread-safe. Memory: the tallies that wait for an earlier one, at most about one a thread.
class OrderedLedger {
 public:
  explicit OrderedLedger(double max_bad_rows) : ledger_(max_bad_rows) {}

  struct Entry {
    enum class Kind { kInputBegins, kRows, kInputEnds };
    Kind kind = Kind::kRows;
    std::string name;           // Of kInputBegins.
    uint64_t lines_before = 0;  // Of kInputBegins: lines before its first block.
    RowTally tally;             // Of kRows.
    uint64_t events = 0;        // Of kRows.
  };

  // Numbers count from 0 without gaps. InvalidArgument: RowLedger::Merge(). After an error no more is to be
  // added.
  absl::Status Add(uint64_t number, Entry entry);
  // So many have reached the ledger.
  uint64_t settled() const { return settled_; }
  const RowLedger& ledger() const { return ledger_; }

 private:
  absl::Status Apply(const Entry& entry);

  RowLedger ledger_;
  uint64_t settled_ = 0;
  std::map<uint64_t, Entry> waiting_;
};

}  // namespace kindred
