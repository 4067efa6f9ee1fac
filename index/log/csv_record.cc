#include "index/log/csv_record.h"

#include "index/log/log_block.h"

namespace kindred {
namespace {

// Instead of a character.
constexpr int kEnd = -1;      // The log ends.
constexpr int kTooLong = -2;  // The record is over kMaxRecordBytes.
constexpr int kUnread = -3;   // More text is needed.

class Scan {
 public:
  Scan(absl::string_view text, bool at_end, CsvRecord& record) : text_(text), at_end_(at_end), record_(record) {}

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
    while (true) {
      const size_t quote = text_.find('"', at_);
      at_ = quote == absl::string_view::npos ? text_.size() : quote;
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

  const absl::string_view text_;
  const bool at_end_;
  CsvRecord& record_;
  size_t at_ = 0;  // The next character, from the record's beginning.
};

}  // namespace

void ScanCsv(absl::string_view text, bool at_end, CsvRecord& record) { Scan(text, at_end, record).Run(); }

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

RecordCut CutCsv(absl::string_view text, bool at_end) {
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
    ScanCsv(text.substr(at), false, record);
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
