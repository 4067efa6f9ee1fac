// EventReader over all inputs: opens one after the other, and keeps what outlives an input.
#include "index/log/event_reader.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "common/spinning_lock.h"
#include "common/status_macros.h"
#include "index/log/block_parser.h"
#include "index/log/log_format.h"
#include "index/log/ordered_ledger.h"

namespace kindred {
namespace {

constexpr size_t kHeldEvents = 4096;  // Of a batch of events that waited for their searches.
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kBeginningBytes = 64 << 10;  // What the format is told from.

// A file without a line that says anything, as far as kMaxRecordBytes tell.
bool IsBlank(absl::string_view beginning) {
  absl::ConsumePrefix(&beginning, kByteOrderMark);
  return beginning.find_first_not_of("\r\n") == absl::string_view::npos && beginning.size() < kMaxRecordBytes;
}

// One piece of the log at a time goes through three steps: Take() reads it, under the lock; it is parsed, by as many
// threads as there are; Settle() accounts for its rows, under the lock again.
class LogReader final : public EventReader {
 public:
  explicit LogReader(const LogOptions& options)
      : options_(options),
        rules_{options.columns, absl::ToUnixMillis(options.now + absl::Hours(24))},
        ledger_(options.max_bad_rows) {
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
    const std::string name = InputName(path);
    ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, OpenByteSource(path));
    reader_ = std::make_unique<BlockReader>(std::move(source), options_.block_bytes);
    ASSIGN_OR_RETURN(const absl::string_view beginning, reader_->Peek(kMaxRecordBytes + 2));
    if (IsBlank(beginning)) {
      RETURN_IF_ERROR(BeginInput(name, 0));
      return CloseInput();
    }
    if (absl::StartsWith(beginning, kByteOrderMark)) reader_->Skip(kByteOrderMark.size());
    absl::StatusOr<InputParser> input = NewParser(path, name);
    if (!input.ok()) return Annotate(input.status(), name);
    parser_ = std::move(input->parser);
    cut_ = input->cut;
    if (options_.range.has_value()) return BeginRange(path, *options_.range);
    return BeginInput(name, input->lines_before);
  }

  // What parses the file was made from its beginning. Lines are counted from where the range begins, and it is named
  // so.
  absl::Status BeginRange(const std::string& path, ByteRange range) {
    const uint64_t rows_begin = reader_->bytes_taken();
    const bool begins_line = range.begin <= rows_begin;
    range.begin = std::max(range.begin, rows_begin);
    ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, OpenLineRange(path, range, begins_line));
    reader_ = std::make_unique<BlockReader>(std::move(source), options_.block_bytes);
    return BeginInput(absl::StrCat(path, " from byte ", range.begin), 0);
  }

  absl::StatusOr<bool> NextBatch(EventBatch& batch) override {
    do {
      batch.events.clear();
      batch.texts.Clear();
      batch.tally.Clear();
      ASSIGN_OR_RETURN(const Piece piece, Take(batch));
      if (piece.is_end) return false;
      if (piece.parser != nullptr) piece.parser->Parse(batch);
      RETURN_IF_ERROR(Settle(batch));
    } while (batch.events.empty());
    return true;
  }

  const ReadReport& report() const override { return ledger_.ledger().report(); }
  uint64_t bytes_read() const override { return bytes_read_; }
  std::optional<uint64_t> bytes_total() const override { return bytes_total_; }

 private:
  struct Piece {
    std::shared_ptr<BlockParser> parser;  // nullptr: it is parsed already.
    bool is_end = false;                  // The log's; there is no piece.
  };

  absl::StatusOr<InputParser> NewParser(const std::string& path, const std::string& name) {
    LogFormat format = options_.format;
    if (format == LogFormat::kAuto) {
      ASSIGN_OR_RETURN(const absl::string_view beginning, reader_->Peek(kBeginningBytes));
      ASSIGN_OR_RETURN(format, DetectFormat(path, beginning));
    }
    switch (format) {
      case LogFormat::kTsv:
        return NewTsvParser(*reader_, rules_);
      case LogFormat::kCsv:
        return NewCsvParser(*reader_, rules_);
      case LogFormat::kNdjson:
        return NewNdjsonParser(*reader_, rules_);
      case LogFormat::kUbi:
        RETURN_IF_ERROR(CheckUbiColumns(options_.columns));
        return NewUbiParser(rules_, name, &ubi_join_);
      case LogFormat::kAuto:
        break;
    }
    return absl::InternalError("the log's format was not told");
  }

  absl::StatusOr<Piece> Take(EventBatch& batch) {
    const SpinningLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    absl::StatusOr<Piece> piece = TakeLocked(batch);
    if (!piece.ok()) failure_ = piece.status();
    return piece;
  }

  absl::StatusOr<Piece> TakeLocked(EventBatch& batch) {
    while (parser_ != nullptr || next_input_ < options_.inputs.size()) {
      if (parser_ == nullptr) RETURN_IF_ERROR(OpenNext());
      if (parser_ == nullptr) continue;  // The input is empty.
      ASSIGN_OR_RETURN(const bool more, reader_->Next(cut_, batch.block));
      bytes_read_ = bytes_of_closed_ + reader_->raw_bytes_read();
      if (!more) {
        RETURN_IF_ERROR(CloseInput());
        continue;
      }
      batch.number = next_number_++;
      if (!parser_->is_serial()) return Piece{parser_};
      parser_->Parse(batch);
      return Piece{};
    }
    return TakeHeld(batch);
  }

  // After the last input: the events that waited for all of them.
  absl::StatusOr<Piece> TakeHeld(EventBatch& batch) {
    if (ended_) {
      RETURN_IF_ERROR(CheckIfSettled());
      return Piece{nullptr, true};
    }
    batch.number = next_number_++;
    while (batch.events.size() < kHeldEvents && !ended_) {
      const std::optional<SearchEvent> event = ubi_join_.NextHeld(batch.tally);
      if (event.has_value()) AddCopy(batch, *event);
      ended_ = !event.has_value();
    }
    return Piece{};
  }

  absl::Status BeginInput(const std::string& name, uint64_t lines_before) {
    return ledger_.Add(next_number_++, {OrderedLedger::Entry::Kind::kInputBegins, name, lines_before, {}, 0});
  }

  absl::Status CloseInput() {
    bytes_of_closed_ = bytes_read_;
    parser_.reset();
    reader_.reset();
    if (options_.is_part || options_.range.has_value()) return absl::OkStatus();
    return ledger_.Add(next_number_++, {OrderedLedger::Entry::Kind::kInputEnds, "", 0, {}, 0});
  }

  absl::Status Settle(EventBatch& batch) {
    const SpinningLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    failure_ = ledger_.Add(batch.number, {OrderedLedger::Entry::Kind::kRows, "", 0,
                                          std::exchange(batch.tally, RowTally()), batch.events.size()});
    if (failure_.ok()) failure_ = CheckIfSettled();
    return failure_;
  }

  // The share of bad rows, once all are known.
  absl::Status CheckIfSettled() const {
    if (!ended_ || ledger_.settled() < next_number_) return absl::OkStatus();
    return ledger_.ledger().CheckAtEnd();
  }

  const LogOptions options_;
  const RowRules rules_;
  std::optional<uint64_t> bytes_total_;
  std::atomic<uint64_t> bytes_read_ = 0;

  absl::Mutex mutex_;  // Guards what follows.
  OrderedLedger ledger_;
  UbiJoin ubi_join_;
  std::unique_ptr<BlockReader> reader_;  // Of the current input.
  std::shared_ptr<BlockParser> parser_;  // Of the current input, and of those of its blocks that are still parsed.
  CutRecords cut_;
  size_t next_input_ = 0;
  uint64_t next_number_ = 0;  // Of batches, and of the beginnings and ends of inputs.
  uint64_t bytes_of_closed_ = 0;
  bool ended_ = false;  // Nothing is left to be taken.
  absl::Status failure_;
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
    if (!absl::StrContains(part, '=')) {
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
