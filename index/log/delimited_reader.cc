#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/log/row_reader.h"

namespace kindred {
namespace {

class DelimitedReader final : public RowReader {
 public:
  DelimitedReader(std::unique_ptr<RecordSplitter> splitter, int64_t latest_ms, RowLedger* ledger)
      : splitter_(std::move(splitter)), latest_ms_(latest_ms), ledger_(ledger) {}

  // Finds the columns. Where all are numbered, only a first record whose time is a word, without a digit, is a header.
  absl::Status Start(const ColumnNames& named) {
    ASSIGN_OR_RETURN(first_, splitter_->Next());
    if (!first_.has_value()) return absl::InvalidArgumentError("the file is empty");
    if (!first_->bad_reason.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("line ", first_->line, ": ", first_->bad_reason));
    }
    width_ = first_->fields.size();
    if (!AllNumbered(named)) {
      std::vector<absl::string_view> header;
      for (const absl::string_view name : first_->fields) header.push_back(absl::StripAsciiWhitespace(name));
      ASSIGN_OR_RETURN(map_, FindColumns(header, named));
      first_.reset();
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(map_, NumberedColumns(named, width_));
    const absl::string_view time = absl::StripAsciiWhitespace(first_->fields[*map_[Role::kTime]]);
    if (!time.empty() && std::none_of(time.begin(), time.end(), absl::ascii_isdigit)) first_.reset();
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<SearchEvent>> Next() override {
    while (true) {
      ASSIGN_OR_RETURN(const std::optional<Record> record, NextRecord());
      if (!record.has_value()) return std::nullopt;
      if (!record->bad_reason.empty()) {
        RETURN_IF_ERROR(ledger_->AddBad(record->bad_reason, record->line, record->text));
        continue;
      }
      if (record->fields.size() != width_) {
        RETURN_IF_ERROR(ledger_->AddBad(
            "wrong number of columns", record->line,
            absl::StrCat(record->fields.size(), " instead of ", width_, ": ", record->text.substr(0, 200))));
        continue;
      }
      SearchRow row;
      for (size_t role = 0; role < kRoles; ++role) {
        if (map_.columns[role].has_value()) row.values[role] = record->fields[*map_.columns[role]];
      }
      const RowVerdict verdict = JudgeRow(row, latest_ms_);
      if (verdict.kind == RowVerdict::Kind::kEvent) {
        ledger_->AddEventRow();
        return verdict.event;
      }
      RETURN_IF_ERROR(ledger_->AddRefused(verdict, record->line));
    }
  }

 private:
  absl::StatusOr<std::optional<Record>> NextRecord() {
    if (first_.has_value()) return std::exchange(first_, std::nullopt);
    return splitter_->Next();
  }

  const std::unique_ptr<RecordSplitter> splitter_;
  const int64_t latest_ms_;
  RowLedger* const ledger_;
  ColumnMap map_;
  size_t width_ = 0;             // Columns of every record.
  std::optional<Record> first_;  // Read by Start(), not yet given.
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowReader>> NewDelimitedReader(std::unique_ptr<RecordSplitter> splitter,
                                                              const RowRules& rules, RowLedger* ledger) {
  auto reader = std::make_unique<DelimitedReader>(std::move(splitter), rules.latest_ms, ledger);
  RETURN_IF_ERROR(reader->Start(rules.columns));
  return reader;
}

}  // namespace kindred
