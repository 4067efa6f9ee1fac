#include "index/log/row_ledger.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace kindred {
namespace {

constexpr size_t kMaxReasons = 64;  // Actions have names of the log's choosing; memory stays bounded.
// A log that is misread, such as one with a wrong column for the time, need not be read to its end.
constexpr uint64_t kRowsBeforeHopeless = 10'000;
constexpr double kHopelessShare = 0.5;

}  // namespace

void RowLedger::StartFile(std::string name, uint64_t lines_before) {
  file_ = std::move(name);
  lines_before_ = lines_before;
  rows_before_file_ = report_.rows;
}

absl::Status RowLedger::Merge(const RowTally& tally) {
  std::vector<ReadReport::Reason*> counted(tally.reasons().size());
  for (const RowTally::Refusal& refusal : tally.refusals()) {
    // Row by row, in the order of the log, so that the blocks decide neither which reasons have a name nor when it is
    // enough.
    if (counted[refusal.reason] == nullptr) counted[refusal.reason] = Find(tally.reasons()[refusal.reason]);
    ++counted[refusal.reason]->rows;
    if (tally.reasons()[refusal.reason].kind != RowRefusal::Kind::kBad) continue;
    ++bad_rows_;
    const uint64_t rows = report_.rows + refusal.row + 1;
    if (rows < kRowsBeforeHopeless) continue;
    if (static_cast<double>(bad_rows_) <= std::max(kHopelessShare, max_bad_rows_) * static_cast<double>(rows)) continue;
    report_.rows = rows;
    return CheckBadRows(report_, max_bad_rows_);
  }
  report_.rows += tally.rows;
  report_.event_rows += tally.event_rows;
  report_.action_lines += tally.action_lines;
  lines_before_ += tally.lines;
  return absl::OkStatus();
}

// The entry of a reason; a new one has its first example and no rows.
ReadReport::Reason* RowLedger::Find(const RowTally::Reason& reason) {
  auto& reasons = reason.kind == RowRefusal::Kind::kBad ? report_.bad : report_.skipped;
  const bool has_room = reasons.size() < kMaxReasons || reasons.count(reason.name) > 0;
  const auto [entry, is_new] = reasons.try_emplace(has_room ? reason.name : "other reasons");
  if (is_new) {
    RowExample& first = entry->second.first = reason.first;
    if (first.file.empty()) {
      first.file = file_;
      first.line += lines_before_;
    }
  }
  return &entry->second;
}

void RowLedger::EndFile() {
  if (report_.rows > rows_before_file_) return;
  if (report_.empty_files++ == 0) report_.first_empty_file = file_;
}

absl::Status RowLedger::CheckAtEnd() const {
  if (report_.rows == 0 && report_.empty_files > 0) {
    const std::string others =
        report_.empty_files == 1 ? "" : absl::StrCat(", nor has any of ", report_.empty_files - 1, " other files");
    return absl::InvalidArgumentError(
        absl::StrCat(report_.first_empty_file, ": no rows", others, "; does --input name the log?"));
  }
  return CheckBadRows(report_, max_bad_rows_);
}

}  // namespace kindred
