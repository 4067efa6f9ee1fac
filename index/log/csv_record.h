// Finds a record of a CSV log and its fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "index/log/record_cut.h"

namespace kindred {

struct CsvRecord {
  // Where a field's text stands behind the record's beginning, without its quotes.
  struct Field {
    size_t begin, end;
    bool doubled_quotes;
  };
  enum class Kind { kWhole, kBad, kOpen };
  Kind kind = Kind::kOpen;
  absl::string_view bad_reason;  // A constant.
  // Of a whole record:
  std::vector<Field> fields;
  size_t text_bytes = 0;  // Without its line end.
  size_t bytes = 0;       // With it.
};

// RFC 4180: commas, fields in double quotes with doubled quotes and line ends inside, CRLF or LF. A quote in the middle
// of an unquoted field is a character as any other, as most writers mean it. `text` begins with the record and holds
// what follows, to the end of the log where at_end; else kOpen says that more text is needed.
//   Bad: "line too long"; "unterminated quote": no quote closes the field before the end or within kMaxRecordBytes;
//   "text after quote": something other than a comma or a line end behind a closing quote; kOpenQuote. Reading goes on
//   at the line behind the one where the bad record begins, so that a stray quote costs its own line and not the rest
//   of the log.
// width: the fields of a record of this log, 0 where they are not known. Where they are, a quote that a writer without
// quoting left at a field's front does not take the rows up to the next quote for its field: kOpenQuote is a field of
// more than kMaxFieldLineEnds line ends, and one whose line would be as wide were its quote a character, or wider,
// where a line within the field is a record of the width by itself.
void ScanCsv(absl::string_view text, bool at_end, CsvRecord& record, size_t width = 0);
inline constexpr absl::string_view kOpenQuote = "quote that is not closed on its line";
inline constexpr size_t kMaxFieldLineEnds = 8;

// The field's text; doubled quotes become one, in place.
absl::string_view DecodeCsv(char* record, const CsvRecord::Field& field);

// A CutRecords, of records as ScanCsv() finds them with this width.
RecordCut CutCsv(absl::string_view text, bool at_end, size_t width = 0);

}  // namespace kindred
