#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "common/status_macros.h"
#include "index/log/line_splitter.h"
#include "index/log/record_splitter.h"

namespace kindred {
namespace {

constexpr size_t kSnippetBytes = 256;
constexpr int kEnd = -1;      // Instead of a character: the source ends.
constexpr int kTooLong = -2;  // Instead of a character: the record is over kMaxRecordBytes.

class CsvSplitter final : public RecordSplitter {
 public:
  explicit CsvSplitter(BlockBuffer* buffer) : buffer_(buffer) {}

  absl::StatusOr<std::optional<Record>> Next() override {
    while (true) {
      if (passing_over_) RETURN_IF_ERROR(PassOverLine(buffer_));
      passing_over_ = false;
      if (buffer_->data().empty()) {
        ASSIGN_OR_RETURN(const bool more, buffer_->Fill());
        if (!more) return std::nullopt;
      }
      ASSIGN_OR_RETURN(const std::optional<Record> record, NextRecord());
      if (record.has_value()) return record;
    }
  }

 private:
  // Where a field's text stands behind the record's beginning, without its quotes.
  struct Extent {
    size_t begin, end;
    bool doubled_quotes;
  };
  enum class Stop { kComma, kLineEnd, kBad };

  // The record at the buffer's front, or nullopt for a blank line.
  absl::StatusOr<std::optional<Record>> NextRecord() {
    extents_.clear();
    at_ = 0;
    const uint64_t line = ++line_;
    newlines_ = 0;
    Stop stop = Stop::kComma;
    while (stop == Stop::kComma) {
      ASSIGN_OR_RETURN(const int first, At(at_));
      if (first == '"') {
        ASSIGN_OR_RETURN(stop, QuotedField());
      } else {
        ASSIGN_OR_RETURN(stop, PlainField());
      }
    }
    if (stop == Stop::kBad) return TakeBadLine(line);
    char* const record = buffer_->data().data();
    buffer_->Take(at_);
    line_ += newlines_;
    if (extents_.size() == 1 && record_end_ == 0) return std::nullopt;
    fields_.clear();
    for (const Extent& extent : extents_) fields_.push_back(Decoded(record, extent));
    return Record{absl::string_view(record, record_end_), fields_, line, ""};
  }

  // The character at an offset from the record's beginning, or kEnd or kTooLong.
  absl::StatusOr<int> At(size_t offset) {
    while (offset >= buffer_->data().size()) {
      if (buffer_->data().size() > kMaxRecordBytes) return kTooLong;
      ASSIGN_OR_RETURN(const bool more, buffer_->Fill());
      if (!more) return kEnd;
    }
    if (offset > kMaxRecordBytes) return kTooLong;
    return static_cast<unsigned char>(buffer_->data()[offset]);
  }

  absl::StatusOr<Stop> PlainField() {
    const size_t begin = at_;
    while (true) {
      const absl::Span<char> data = buffer_->data();
      while (at_ < data.size() && data[at_] != ',' && data[at_] != '\n') ++at_;
      ASSIGN_OR_RETURN(const int c, At(at_));
      if (c == kTooLong) {
        bad_reason_ = "line too long";
        return Stop::kBad;
      }
      if (c != kEnd && c != ',' && c != '\n') continue;  // More was read.
      const bool carriage_return = c != ',' && at_ > begin && buffer_->data()[at_ - 1] == '\r';
      extents_.push_back({begin, at_ - (carriage_return ? 1 : 0), false});
      record_end_ = extents_.back().end;
      if (c != kEnd) ++at_;
      return c == ',' ? Stop::kComma : Stop::kLineEnd;
    }
  }

  // REQUIRES: a quote at at_.
  absl::StatusOr<Stop> QuotedField() {
    Extent extent = {++at_, 0, false};
    while (true) {
      const absl::Span<char> data = buffer_->data();
      for (; at_ < data.size() && data[at_] != '"'; ++at_) newlines_ += data[at_] == '\n' ? 1 : 0;
      ASSIGN_OR_RETURN(const int c, At(at_));
      if (c < 0) {
        bad_reason_ = "unterminated quote";
        return Stop::kBad;
      }
      if (c != '"') continue;  // More was read.
      ASSIGN_OR_RETURN(const int next, At(at_ + 1));
      if (next != '"') break;
      extent.doubled_quotes = true;
      at_ += 2;
    }
    extent.end = at_++;
    extents_.push_back(extent);
    return BehindQuote();
  }

  absl::StatusOr<Stop> BehindQuote() {
    ASSIGN_OR_RETURN(int c, At(at_));
    record_end_ = at_;
    if (c == '\r') {
      ASSIGN_OR_RETURN(c, At(at_ + 1));
      if (c != '\n' && c != kEnd) c = '\r';
      if (c == '\n' || c == kEnd) ++at_;
    }
    if (c == kTooLong || (c != ',' && c != '\n' && c != kEnd)) {
      bad_reason_ = c == kTooLong ? "line too long" : "text after quote";
      return Stop::kBad;
    }
    if (c != kEnd) ++at_;
    return c == ',' ? Stop::kComma : Stop::kLineEnd;
  }

  // The line where the bad record begins; the next one is read as a record of its own.
  Record TakeBadLine(uint64_t line) {
    const absl::Span<char> data = buffer_->data();
    absl::string_view text(data.data(), std::min(data.size(), kSnippetBytes));
    text = text.substr(0, text.find('\n'));
    passing_over_ = true;
    return Record{text, {}, line, bad_reason_};
  }

  // Doubled quotes become one, in place.
  static absl::string_view Decoded(char* record, const Extent& extent) {
    char* const begin = record + extent.begin;
    char* end = record + extent.end;
    if (extent.doubled_quotes) {
      char* to = begin;
      for (const char* from = begin; from != end; ++from) {
        *to++ = *from;
        if (*from == '"') ++from;
      }
      end = to;
    }
    return absl::string_view(begin, static_cast<size_t>(end - begin));
  }

  BlockBuffer* const buffer_;
  uint64_t line_ = 0;          // Of the current record's beginning, then of its end.
  uint64_t newlines_ = 0;      // Inside the current record.
  size_t at_ = 0;              // The next character, from the record's beginning.
  size_t record_end_ = 0;      // Behind the last character that is no line end.
  bool passing_over_ = false;  // The bad record's line is still in the buffer.
  absl::string_view bad_reason_;
  std::vector<Extent> extents_;  // These two are kept between calls: no allocation a row.
  std::vector<absl::string_view> fields_;
};

}  // namespace

std::unique_ptr<RecordSplitter> NewCsvSplitter(BlockBuffer* buffer) { return std::make_unique<CsvSplitter>(buffer); }

}  // namespace kindred
