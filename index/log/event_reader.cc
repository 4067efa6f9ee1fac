// EventReader over all inputs: opens one after the other, and keeps what outlives an input.
#include "index/log/event_reader.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "index/log/log_format.h"
#include "index/log/row_reader.h"

namespace kindred {
namespace {

constexpr size_t kBatchEvents = 4096;
constexpr size_t kBeginningBytes = 64 << 10;  // At hand when the format is told; a pipe may give a byte at a time.

class LogReader final : public EventReader {
 public:
  explicit LogReader(const LogOptions& options)
      : options_(options),
        rules_{options.columns, absl::ToUnixMillis(options.now + absl::Hours(24))},
        ledger_(options.max_bad_rows),
        ubi_join_(&ledger_) {
    uint64_t total = 0;
    for (const std::string& input : options_.inputs) {
      const std::optional<uint64_t> bytes = InputSize(input);
      if (!bytes.has_value()) return;
      total += *bytes;
    }
    bytes_total_ = total;
  }

  absl::Status OpenNext() {
    const std::string& path = options_.inputs[next_input_++];
    ledger_.StartFile(InputName(path));
    rows_before_ = ledger_.report().rows;
    ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, OpenByteSource(path));
    buffer_ = std::make_unique<BlockBuffer>(std::move(source));
    RETURN_IF_ERROR(buffer_->FillTo(kBeginningBytes));
    if (buffer_->data().empty()) return absl::InvalidArgumentError(absl::StrCat(ledger_.file(), ": the file is empty"));
    SkipByteOrderMark();
    return Annotate(StartRows(path), ledger_.file());
  }

  absl::StatusOr<bool> NextBatch(EventBatch& batch) override {
    const std::lock_guard lock(mutex_);
    batch.events.clear();
    batch.texts.clear();
    batch.number = batches_++;
    while (batch.events.size() < kBatchEvents) {
      absl::StatusOr<std::optional<SearchEvent>> next = NextEvent();
      if (!next.ok() && batch.events.empty()) return next.status();
      if (!next.ok() || !next->has_value()) break;  // A failed reader stays failed: the next call says so.
      std::optional<SearchEvent>& event = *next;
      for (absl::string_view* text : {&event->user, &event->query, &event->market, &event->item}) {
        batch.texts.push_back(std::make_unique_for_overwrite<char[]>(text->size()));
        if (!text->empty()) std::memcpy(batch.texts.back().get(), text->data(), text->size());
        *text = absl::string_view(batch.texts.back().get(), text->size());
      }
      batch.events.push_back(*event);
    }
    return !batch.events.empty();
  }

  const ReadReport& report() const override { return ledger_.report(); }
  uint64_t bytes_read() const override {
    const std::lock_guard lock(mutex_);
    return bytes_of_closed_ + (buffer_ == nullptr ? 0 : buffer_->raw_bytes_read());
  }
  std::optional<uint64_t> bytes_total() const override { return bytes_total_; }

 private:
  absl::StatusOr<std::optional<SearchEvent>> NextEvent() {
    if (!failure_.ok()) return failure_;
    absl::StatusOr<std::optional<SearchEvent>> event = NextOfInputs();
    if (!event.ok()) failure_ = event.status();
    if (event.ok() && event->has_value()) ledger_.AddEvent();
    return event;
  }

  void SkipByteOrderMark() {
    const absl::string_view beginning(buffer_->data().data(), buffer_->data().size());
    if (absl::StartsWith(beginning, "\xEF\xBB\xBF")) buffer_->Take(3);
  }

  absl::Status StartRows(const std::string& path) {
    const absl::string_view beginning(buffer_->data().data(), buffer_->data().size());
    LogFormat format = options_.format;
    if (format == LogFormat::kAuto) {
      ASSIGN_OR_RETURN(format, DetectFormat(path, beginning));
    }
    ASSIGN_OR_RETURN(rows_, NewRows(format));
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<RowReader>> NewRows(LogFormat format) {
    switch (format) {
      case LogFormat::kTsv:
        return NewDelimitedReader(NewTsvSplitter(buffer_.get()), rules_, &ledger_);
      case LogFormat::kCsv:
        return NewDelimitedReader(NewCsvSplitter(buffer_.get()), rules_, &ledger_);
      case LogFormat::kNdjson:
        return NewNdjsonReader(buffer_.get(), rules_, &ledger_);
      case LogFormat::kUbi:
        return NewUbiReader(buffer_.get(), rules_, &ubi_join_, &ledger_);
      case LogFormat::kAuto:
        break;
    }
    return absl::InternalError("the log's format was not told");
  }

  absl::StatusOr<std::optional<SearchEvent>> NextOfInputs() {
    while (true) {
      if (rows_ != nullptr) {
        ASSIGN_OR_RETURN(std::optional<SearchEvent> event, rows_->Next());
        if (event.has_value()) return event;
        RETURN_IF_ERROR(CloseInput());
      }
      if (next_input_ == options_.inputs.size()) break;  // Then come the events that waited for all inputs.
      RETURN_IF_ERROR(OpenNext());
    }
    std::optional<SearchEvent> held = ubi_join_.NextHeld();
    if (!held.has_value()) RETURN_IF_ERROR(ledger_.CheckAtEnd());
    return held;
  }

  absl::Status CloseInput() {
    if (ledger_.report().rows == rows_before_) {
      return absl::InvalidArgumentError(absl::StrCat(ledger_.file(), ": no rows"));
    }
    bytes_of_closed_ += buffer_->raw_bytes_read();
    rows_.reset();
    buffer_.reset();
    return absl::OkStatus();
  }

  const LogOptions options_;
  const RowRules rules_;
  RowLedger ledger_;
  UbiJoin ubi_join_;
  std::unique_ptr<BlockBuffer> buffer_;  // Of the current input; rows_ reads it.
  std::unique_ptr<RowReader> rows_;
  size_t next_input_ = 0;
  uint64_t rows_before_ = 0;  // The current input.
  uint64_t bytes_of_closed_ = 0;
  std::optional<uint64_t> bytes_total_;
  absl::Status failure_;
  mutable std::mutex mutex_;
  uint64_t batches_ = 0;
};

absl::Status CheckOptions(const LogOptions& options) {
  if (options.inputs.empty())
    return absl::InvalidArgumentError("no log given; write --input FILE, or - for standard input");
  if (std::count(options.inputs.begin(), options.inputs.end(), "-") > 1) {
    return absl::InvalidArgumentError("--input: standard input (-) is named twice; it can be read once");
  }
  if (!(options.max_bad_rows >= 0 && options.max_bad_rows <= 1)) {
    return absl::InvalidArgumentError(absl::StrCat("--max_bad_rows ", options.max_bad_rows, ": not within 0 and 1"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::map<std::string, std::string>> ParseColumns(absl::string_view text) {
  std::map<std::string, std::string> columns;
  if (text.empty()) return columns;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const std::pair<absl::string_view, absl::string_view> pair = absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (!absl::StrContains(part, '=') || pair.second.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("--columns: \"", part, "\" is not role=column"));
    }
    if (std::find(kRoleNames.begin(), kRoleNames.end(), pair.first) == kRoleNames.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--columns: unknown role \"", pair.first, "\"; roles: ", absl::StrJoin(kRoleNames, ", ")));
    }
    if (!columns.emplace(pair.first, pair.second).second) {
      return absl::InvalidArgumentError(absl::StrCat("--columns: role \"", pair.first, "\" is given twice"));
    }
  }
  return columns;
}

absl::StatusOr<std::optional<SearchEvent>> EventReader::Next() {
  while (next_in_batch_ == batch_.events.size()) {
    next_in_batch_ = 0;
    ASSIGN_OR_RETURN(const bool more, NextBatch(batch_));
    if (!more) return std::nullopt;
  }
  return batch_.events[next_in_batch_++];
}

absl::StatusOr<std::unique_ptr<EventReader>> EventReader::Open(const LogOptions& options) {
  RETURN_IF_ERROR(CheckOptions(options));
  auto reader = std::make_unique<LogReader>(options);
  RETURN_IF_ERROR(reader->OpenNext());
  return reader;
}

}  // namespace kindred
