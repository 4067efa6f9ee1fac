#include <simdjson.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "index/log/block_parser.h"
#include "index/log/csv_record.h"
#include "index/log/delimiter_scan.h"
#include "index/log/search_row.h"

namespace kindred {
namespace {

constexpr size_t kSnippetBytes = 256;

// The line at the front of a text, for a message.
absl::string_view Snippet(absl::string_view text) {
  text = text.substr(0, kSnippetBytes);
  return text.substr(0, text.find('\n'));
}

absl::string_view WithoutCarriageReturn(absl::string_view text) {
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

// Where the fields of the log's records stand.
struct Columns {
  ColumnMap map;
  size_t width = 0;  // Of every record.
};

// One block on its way into one batch.
class DelimitedPass {
 public:
  DelimitedPass(const DelimitedPass&) = delete;  // It points into itself.
  DelimitedPass& operator=(const DelimitedPass&) = delete;
  DelimitedPass(const Columns& columns, int64_t latest_ms, EventBatch& batch)
      : latest_ms_(latest_ms), batch_(batch), targets_(columns.width, &unused_) {
    for (size_t role = 0; role < kRoles; ++role) {
      if (!columns.map.columns[role].has_value()) continue;
      absl::string_view*& target = targets_[*columns.map.columns[role]];
      if (target == &unused_) {
        target = &row_.values[role];
      } else {
        copies_.emplace_back(target, &row_.values[role]);
      }
    }
    // All of a block is looked at much faster than query by query. Delimiters are ASCII, so that a part between them is
    // UTF-8 where the whole is.
    const absl::string_view records = batch.block.text().substr(0, batch.block.records_bytes());
    is_utf8_ = simdjson::validate_utf8(records.data(), records.size());
  }

  // Lines without quoting: a whole number of records.
  void AddLines(absl::string_view text, char delimiter) {
    DelimiterScan scan(text, delimiter);
    const char* const end = text.data() + text.size();
    const size_t width = targets_.size();
    absl::string_view* const* const targets = targets_.data();
    for (const char* line = text.data(); line < end;) {
      if (const char* const usual = SplitUsual(scan, line, delimiter, targets, width); usual != nullptr) {
        ++batch_.tally.lines;
        AddRow();
        line = usual + 1;
        continue;
      }
      size_t fields = 0;
      const char* begin = line;
      const char* stop = scan.Next();
      for (; stop != end && *stop == delimiter; stop = scan.Next()) {
        if (fields < width) *targets[fields] = View(begin, stop);
        ++fields;
        begin = stop + 1;
      }
      if (fields < width) *targets[fields] = WithoutCarriageReturn(View(begin, stop));
      ++fields;
      AddLine(View(line, stop), fields);
      line = stop + 1;
    }
  }

  // The record at the front of `text`; its length with its line end.
  size_t AddCsvRecord(absl::Span<char> text) {
    const absl::string_view view(text.data(), text.size());
    ScanCsv(view, true, record_, targets_.size());
    ++batch_.tally.lines;
    if (record_.kind != CsvRecord::Kind::kWhole) {
      batch_.tally.AddBad(record_.bad_reason, batch_.tally.lines, Snippet(view));
      const size_t newline = view.find('\n');
      return newline == absl::string_view::npos ? view.size() : newline + 1;
    }
    // Before decoding moves what it stands in.
    const absl::string_view inside = view.substr(0, record_.text_bytes);
    const uint64_t line_ends = static_cast<uint64_t>(std::count(inside.begin(), inside.end(), '\n'));
    const bool blank = record_.text_bytes == 0;
    if (!blank && record_.fields.size() == targets_.size()) {
      for (size_t i = 0; i < targets_.size(); ++i) *targets_[i] = DecodeCsv(text.data(), record_.fields[i]);
      AddRow();
    } else if (!blank) {
      AddWrongWidth(record_.fields.size(), inside);
    }
    batch_.tally.lines += line_ends;
    return record_.bytes;
  }

 private:
  static absl::string_view View(const char* begin, const char* end) {
    return absl::string_view(begin, static_cast<size_t>(end - begin));
  }

  // The end of a line that is as nearly all are: of the right width, with nothing to be said about it, its delimiters
  // found already. Its fields are where they belong then. Else nullptr.
  static const char* SplitUsual(DelimiterScan& scan, const char* line, char delimiter,
                                absl::string_view* const* targets, size_t width) {
    const absl::Span<const uint16_t> found = scan.Found();
    if (found.size() < width) return nullptr;
    const uint16_t* const places = found.data();
    const char* const text = scan.begin();
    const char* begin = line;
    for (size_t i = 0; i + 1 < width; ++i) {
      const char* const stop = text + places[i];
      if (*stop != delimiter) return nullptr;
      *targets[i] = View(begin, stop);
      begin = stop + 1;
    }
    const char* const stop = text + places[width - 1];
    const auto bytes = static_cast<size_t>(stop - line);
    if (*stop != '\n' || bytes < 2 || bytes > kMaxRecordBytes || stop[-1] == '\r') return nullptr;
    *targets[width - 1] = View(begin, stop);
    scan.Skip(width);
    return stop;
  }

  void AddLine(absl::string_view line, size_t fields) {
    ++batch_.tally.lines;
    if (line.size() > kMaxRecordBytes) {
      batch_.tally.AddBad("line too long", batch_.tally.lines, Snippet(line));
    } else if (line = WithoutCarriageReturn(line); !line.empty()) {
      if (fields == targets_.size()) return AddRow();
      AddWrongWidth(fields, line);
    }
  }

  void AddWrongWidth(size_t fields, absl::string_view record) {
    batch_.tally.AddBad("wrong number of columns", batch_.tally.lines,
                        absl::StrCat(fields, " instead of ", targets_.size(), ": ", record.substr(0, 200)));
  }

  void AddRow() {
    for (const auto& [from, to] : copies_) *to = *from;
    if (JudgeRowInto(row_, latest_ms_, is_utf8_, batch_.events, refusal_)) {
      batch_.tally.AddEventRow();
    } else {
      batch_.tally.AddRefused(refusal_, batch_.tally.lines);
    }
  }

  const int64_t latest_ms_;
  EventBatch& batch_;
  bool is_utf8_;
  SearchRow row_;                            // Roles without a column stay empty.
  absl::string_view unused_;                 // The field of a column without a role.
  std::vector<absl::string_view*> targets_;  // Where each column's field goes.
  std::vector<std::pair<const absl::string_view*, absl::string_view*>> copies_;  // For a column of several roles.
  CsvRecord record_;
  RowRefusal refusal_;  // Of the last row that was refused.
};

class TsvParser final : public BlockParser {
 public:
  TsvParser(const Columns& columns, int64_t latest_ms) : columns_(columns), latest_ms_(latest_ms) {}

  void Parse(EventBatch& batch) override {
    DelimitedPass(columns_, latest_ms_, batch)
        .AddLines(batch.block.text().substr(0, batch.block.records_bytes()), '\t');
  }

 private:
  const Columns columns_;
  const int64_t latest_ms_;
};

class CsvParser final : public BlockParser {
 public:
  CsvParser(const Columns& columns, int64_t latest_ms) : columns_(columns), latest_ms_(latest_ms) {}

  void Parse(EventBatch& batch) override {
    DelimitedPass pass(columns_, latest_ms_, batch);
    const absl::string_view text = batch.block.text();
    const size_t end = batch.block.records_bytes();
    size_t at = 0;
    while (at < end) {
      // Up to the line of the next quote records are lines.
      const size_t quote = std::min(text.find('"', at), end);
      const size_t newline = quote == end ? end - 1 : text.substr(0, quote).rfind('\n');
      const size_t lines_end = newline == absl::string_view::npos ? at : std::max(at, newline + 1);
      pass.AddLines(text.substr(at, lines_end - at), ',');
      at = lines_end;
      if (at < end) at += pass.AddCsvRecord(batch.block.writable().subspan(at));
    }
  }

 private:
  const Columns columns_;
  const int64_t latest_ms_;
};

// The first record of a log, not yet taken from the reader.
struct FirstRecord {
  std::vector<std::string> fields;
  absl::string_view bad_reason;
  bool has_semicolons = false;  // Where it is bad: behind a quote.
  size_t bytes = 0;             // With its line end.
  uint64_t lines = 0;           // Of it.
  uint64_t lines_before = 0;    // Blank ones, which are taken.
};

FirstRecord SplitTsv(absl::string_view text, bool at_end) {
  FirstRecord first;
  first.lines = 1;
  const size_t newline = text.find('\n');
  const absl::string_view line = text.substr(0, newline);
  if (line.size() > kMaxRecordBytes || (newline == absl::string_view::npos && !at_end)) {
    first.bad_reason = "line too long";
    return first;
  }
  first.bytes = newline == absl::string_view::npos ? line.size() : newline + 1;
  first.fields = absl::StrSplit(WithoutCarriageReturn(line), '\t');
  return first;
}

FirstRecord SplitCsv(absl::string_view text, bool at_end) {
  FirstRecord first;
  CsvRecord record;
  ScanCsv(text, at_end, record);
  if (record.kind != CsvRecord::Kind::kWhole) {
    first.bad_reason = record.bad_reason;
    first.has_semicolons = absl::StrContains(text.substr(0, text.find('\n')), "\";");
    return first;
  }
  std::string decoded(text.substr(0, record.bytes));
  first.bytes = record.bytes;
  first.lines = 1 + static_cast<uint64_t>(std::count(decoded.begin(), decoded.begin() + record.text_bytes, '\n'));
  for (const CsvRecord::Field& field : record.fields) first.fields.emplace_back(DecodeCsv(decoded.data(), field));
  return first;
}

// The length of the blank lines at the front; counts them. A carriage return that ends the text is no line yet but at
// the log's end.
size_t BlankLines(absl::string_view text, bool at_end, uint64_t& lines) {
  size_t blank = 0;
  while (blank < text.size()) {
    size_t at = blank;
    if (text[at] == '\r') ++at;
    if (at == text.size() ? !at_end : text[at] != '\n') break;
    blank = std::min(at + 1, text.size());
    ++lines;
  }
  return blank;
}

absl::StatusOr<FirstRecord> ReadFirstRecord(BlockReader& reader, FirstRecord (*split)(absl::string_view, bool)) {
  constexpr size_t kBytes = kMaxRecordBytes + 2;  // The longest record and its end.
  uint64_t lines_before = 0;
  while (true) {
    ASSIGN_OR_RETURN(const absl::string_view text, reader.Peek(kBytes));
    const bool at_end = text.size() < kBytes;
    if (text.empty()) return absl::InvalidArgumentError("the file is empty");
    const size_t blank = BlankLines(text, at_end, lines_before);
    if (blank > 0) {
      reader.Skip(blank);
      continue;
    }
    FirstRecord first = split(text, at_end);
    first.lines_before = lines_before;
    return first;
  }
}

// The columns of the log. A header is taken; where all columns are numbered, only a first record whose time is a word,
// without a digit, is one.
absl::StatusOr<Columns> TakeColumns(BlockReader& reader, const ColumnNames& named, FirstRecord& first) {
  if (!first.bad_reason.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("line ", first.lines_before + 1, ": ", first.bad_reason,
                                                   first.has_semicolons ? kSemicolonsHint : ""));
  }
  Columns columns;
  columns.width = first.fields.size();
  std::vector<absl::string_view> names;
  for (const std::string& name : first.fields) names.push_back(absl::StripAsciiWhitespace(name));
  if (NeedsNoHeader(named)) {
    ASSIGN_OR_RETURN(columns.map, NumberedColumns(named, columns.width));
    const absl::string_view time = names[*columns.map[Role::kTime]];
    if (time.empty() || std::any_of(time.begin(), time.end(), absl::ascii_isdigit)) return columns;
  }
  ASSIGN_OR_RETURN(columns.map, FindColumns(names, named));
  reader.Skip(first.bytes);
  first.lines_before += first.lines;
  return columns;
}

}  // namespace

absl::StatusOr<InputParser> NewTsvParser(BlockReader& reader, const RowRules& rules) {
  ASSIGN_OR_RETURN(FirstRecord first, ReadFirstRecord(reader, SplitTsv));
  ASSIGN_OR_RETURN(const Columns columns, TakeColumns(reader, rules.columns, first));
  return InputParser{std::make_unique<TsvParser>(columns, rules.latest_ms), CutLines, first.lines_before};
}

absl::StatusOr<InputParser> NewCsvParser(BlockReader& reader, const RowRules& rules) {
  ASSIGN_OR_RETURN(FirstRecord first, ReadFirstRecord(reader, SplitCsv));
  ASSIGN_OR_RETURN(const Columns columns, TakeColumns(reader, rules.columns, first));
  const auto cut = [width = columns.width](absl::string_view text, bool at_end) { return CutCsv(text, at_end, width); };
  return InputParser{std::make_unique<CsvParser>(columns, rules.latest_ms), cut, first.lines_before};
}

}  // namespace kindred
