#include "index/log/row_ledger.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "index/log/excerpt.h"

namespace kindred {
namespace {

constexpr size_t kDetailBytes = 120;
constexpr size_t kMaxReasons = 64;  // Actions have names of the log's choosing; memory stays bounded.
// A log that is misread, such as one with a wrong column for the time, need not be read to its end.
constexpr uint64_t kRowsBeforeHopeless = 10'000;
constexpr double kHopelessShare = 0.5;

void Count(std::map<std::string, ReadReport::Reason>& reasons, absl::string_view reason, RowExample example) {
  std::string key(reason);
  if (reasons.size() >= kMaxReasons && reasons.count(key) == 0) key = "other reasons";
  ReadReport::Reason& counted = reasons[key];
  if (++counted.rows == 1) counted.first = std::move(example);
}

std::vector<std::string> Described(const std::map<std::string, ReadReport::Reason>& reasons, absl::string_view kind) {
  std::vector<std::string> lines;
  for (const auto& [name, reason] : reasons) {
    std::string line = absl::StrCat(kind, ": ", reason.rows, reason.rows == 1 ? " row, " : " rows, ", name,
                                    ", first at ", reason.first.file, ":", reason.first.line);
    if (!reason.first.detail.empty()) absl::StrAppend(&line, " \"", reason.first.detail, "\"");
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

uint64_t ReadReport::bad_rows() const {
  uint64_t rows = 0;
  for (const auto& [name, reason] : bad) rows += reason.rows;
  return rows;
}

std::vector<std::string> ReportLines(const ReadReport& report) {
  std::vector<std::string> lines = {
      absl::StrCat(report.rows, " rows: ", report.event_rows, " with a search, giving ", report.events, " events")};
  if (report.action_lines > 0) absl::StrAppend(&lines[0], "; ", report.action_lines, " bulk action lines");
  for (std::string& line : Described(report.skipped, "skipped")) lines.push_back(std::move(line));
  for (std::string& line : Described(report.bad, "bad")) lines.push_back(std::move(line));
  return lines;
}

absl::Status RowLedger::AddBad(absl::string_view reason, uint64_t line, absl::string_view detail) {
  ++report_.rows;
  ++bad_rows_;
  Count(report_.bad, reason, {file_, line, Excerpt(detail, kDetailBytes)});
  if (report_.rows < kRowsBeforeHopeless) return absl::OkStatus();
  return CheckShare(std::max(kHopelessShare, max_bad_rows_));
}

void RowLedger::AddSkipped(absl::string_view reason, uint64_t line, absl::string_view detail) {
  ++report_.rows;
  Count(report_.skipped, reason, {file_, line, Excerpt(detail, kDetailBytes)});
}

void RowLedger::SettleSkipped(absl::string_view reason, RowExample example) {
  Count(report_.skipped, reason, std::move(example));
}

absl::Status RowLedger::AddRefused(const RowVerdict& verdict, uint64_t line) {
  if (verdict.kind == RowVerdict::Kind::kBad) return AddBad(verdict.reason, line, verdict.value);
  if (verdict.reason == kOtherAction) {
    AddSkipped(absl::StrCat("action ", Excerpt(verdict.value, 40)), line, "");
  } else {
    AddSkipped(verdict.reason, line, verdict.value);
  }
  return absl::OkStatus();
}

absl::Status RowLedger::CheckAtEnd() const { return CheckShare(max_bad_rows_); }

absl::Status RowLedger::CheckShare(double most) const {
  if (static_cast<double>(bad_rows_) <= most * static_cast<double>(report_.rows)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("%d of %d rows are bad, more than --max_bad_rows %g%%; %s",
                                                    bad_rows_, report_.rows, max_bad_rows_ * 100,
                                                    absl::StrJoin(Described(report_.bad, "bad"), "; ")));
}

}  // namespace kindred
