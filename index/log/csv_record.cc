#include "index/log/csv_record.h"

#include <algorithm>
#include <optional>

#include "index/log/log_block.h"

namespace kindred {
namespace {

// Instead of a character.
constexpr int kEnd = -1;      // The log ends.
constexpr int kTooLong = -2;  // The record is over kMaxRecordBytes.
constexpr int kUnread = -3;   // More text is needed.

class Scan {
 public:
  Scan(absl::string_view text, bool at_end, size_t width, CsvRecord& record)
      : text_(text), at_end_(at_end), width_(width), record_(record) {}

  void Run() {
    record_.fields.clear();
    record_.kind = CsvRecord::Kind::kOpen;
    Stop stop = Stop::kComma;
    while (stop == Stop::kComma) stop = At(at_) == '"' ? QuotedField() : PlainField();
    if (stop == Stop::kLineEnd) record_.kind = CsvRecord::Kind::kWhole;
    record_.bytes = at_;
  }

 private:
  enum class Stop { kComma, kLineEnd, kBad, kOpen };

  int At(size_t offset) const {
    if (offset > kMaxRecordBytes) return kTooLong;
    if (offset < text_.size()) return static_cast<unsigned char>(text_[offset]);
    return at_end_ ? kEnd : kUnread;
  }

  Stop Bad(absl::string_view reason) {
    record_.kind = CsvRecord::Kind::kBad;
    record_.bad_reason = reason;
    return Stop::kBad;
  }

  // What stands behind a field, which ends at at_.
  Stop Behind(int c, absl::string_view reason) {
    if (c == kUnread) return Stop::kOpen;
    if (c == kTooLong) return Bad("line too long");
    if (c != ',' && c != '\n' && c != kEnd) return Bad(reason);
    if (c != kEnd) ++at_;
    return c == ',' ? Stop::kComma : Stop::kLineEnd;
  }

  Stop PlainField() {
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n') ++at_;
    const int c = At(at_);
    const bool carriage_return = c != ',' && at_ > begin && text_[at_ - 1] == '\r';
    record_.text_bytes = at_ - (carriage_return ? 1 : 0);
    record_.fields.push_back({begin, record_.text_bytes, false});
    return Behind(c, "");
  }

  // REQUIRES: a quote at at_.
  Stop QuotedField() {
    CsvRecord::Field field = {++at_, 0, false};
    quoted_ = {.begin = at_};
    while (true) {
      const size_t quote = text_.find('"', at_);
      const size_t end = std::min(quote, text_.size());
      if (const std::optional<Stop> stop = PassLineEnds(end); stop.has_value()) return *stop;
      at_ = end;
      const int c = At(at_);
      if (c == kUnread) return Stop::kOpen;
      if (c < 0) return Bad("unterminated quote");
      const int next = At(at_ + 1);
      if (next == kUnread) return Stop::kOpen;
      if (next != '"') break;
      field.doubled_quotes = true;
      at_ += 2;
    }
    field.end = at_++;
    record_.fields.push_back(field);
    record_.text_bytes = at_;
    int c = At(at_);
    if (c == '\r') {
      const int next = At(at_ + 1);
      if (next == kUnread) return Stop::kOpen;
      if (next == '\n' || next == kEnd) {
        ++at_;
        c = next;
      }
    }
    return Behind(c, "text after quote");
  }

  // Up to `end`, of a quoted field. A value: its quote is not closed on its line, or that cannot be told yet.
  std::optional<Stop> PassLineEnds(size_t end) {
    if (width_ == 0) return std::nullopt;
    while (true) {
      const size_t newline =
          text_.substr(0, std::min(end, kMaxRecordBytes)).find('\n', std::max(at_, quoted_.looked_at));
      if (newline == absl::string_view::npos) return std::nullopt;
      if (quoted_.line_ends == 0) {
        const absl::string_view rest = text_.substr(quoted_.begin, newline - quoted_.begin);
        quoted_.line_is_row = record_.fields.size() + Fields(rest) >= width_;
      }
      if (++quoted_.line_ends > kMaxFieldLineEnds) return Bad(kOpenQuote);
      quoted_.looked_at = newline + 1;
      if (!quoted_.line_is_row) continue;
      const size_t next = text_.find('\n', newline + 1);
      if (next == absl::string_view::npos && !at_end_ && text_.size() <= kMaxRecordBytes) return Stop::kOpen;
      const size_t next_end = std::min(next, text_.size());
      if (next_end > kMaxRecordBytes) continue;
      if (Fields(text_.substr(newline + 1, next_end - newline - 1)) == width_) return Bad(kOpenQuote);
    }
  }

  // Of a text that is a line by itself; 0: it is not a record.
  static size_t Fields(absl::string_view line) {
    CsvRecord record;
    Scan(line, true, 0, record).Run();
    return record.kind == CsvRecord::Kind::kWhole ? record.fields.size() : 0;
  }

  const absl::string_view text_;
  const bool at_end_;
  const size_t width_;
  CsvRecord& record_;
  size_t at_ = 0;  // The next character, from the record's beginning.
  struct {
    size_t begin;
    size_t looked_at = 0;  // Line ends before this.
    size_t line_ends = 0;
    bool line_is_row = false;  // Of the width or more, were the quote a character.
  } quoted_ = {};              // The current field.
};

}  // namespace

void ScanCsv(absl::string_view text, bool at_end, CsvRecord& record, size_t width) {
  Scan(text, at_end, width, record).Run();
}

absl::string_view DecodeCsv(char* record, const CsvRecord::Field& field) {
  char* const begin = record + field.begin;
  char* end = record + field.end;
  if (field.doubled_quotes) {
    char* to = begin;
    for (const char* from = begin; from != end; ++from) {
      *to++ = *from;
      if (*from == '"') ++from;
    }
    end = to;
  }
  return absl::string_view(begin, static_cast<size_t>(end - begin));
}

RecordCut CutCsv(absl::string_view text, bool at_end, size_t width) {
  if (at_end) return {text.size(), false};
  CsvRecord record;
  size_t at = 0;
  while (true) {
    // Up to the line of the next quote records are lines.
    const size_t quote = text.find('"', at);
    if (quote == absl::string_view::npos) {
      const RecordCut lines = CutLines(text.substr(at), false);
      return {at + lines.records_bytes, lines.passes_over};
    }
    if (const size_t newline = text.substr(at, quote - at).rfind('\n'); newline != absl::string_view::npos) {
      at += newline + 1;
    }
    ScanCsv(text.substr(at), false, record, width);
    if (record.kind == CsvRecord::Kind::kOpen) return {at, false};
    if (record.kind == CsvRecord::Kind::kBad) {
      const size_t newline = text.find('\n', at);
      if (newline == absl::string_view::npos) {
        return text.size() - at > kMaxRecordBytes ? RecordCut{text.size(), true} : RecordCut{at, false};
      }
      at = newline + 1;
    } else {
      at += record.bytes;
    }
  }
}

}  // namespace kindred
