#include "index/log/ordered_ledger.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace kindred {

absl::Status OrderedLedger::Add(uint64_t number, Entry entry) {
  if (number != settled_) {
    waiting_.emplace(number, std::move(entry));
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(Apply(entry));
  ++settled_;
  while (!waiting_.empty() && waiting_.begin()->first == settled_) {
    RETURN_IF_ERROR(Apply(waiting_.begin()->second));
    waiting_.erase(waiting_.begin());
    ++settled_;
  }
  return absl::OkStatus();
}

absl::Status OrderedLedger::Apply(const Entry& entry) {
  switch (entry.kind) {
    case Entry::Kind::kInputBegins:
      ledger_.StartFile(entry.name, entry.lines_before);
      return absl::OkStatus();
    case Entry::Kind::kRows:
      RETURN_IF_ERROR(ledger_.Merge(entry.tally));
      ledger_.AddEvents(entry.events);
      return absl::OkStatus();
    case Entry::Kind::kInputEnds:
      ledger_.EndFile();
      break;
  }
  return absl::OkStatus();
}

}  // namespace kindred
