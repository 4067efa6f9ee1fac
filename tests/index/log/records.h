// Records of a CSV text, cut into blocks as a log is, as texts that a test can compare.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "index/log/block_reader.h"
#include "index/log/csv_record.h"
#include "tests/index/log/string_source.h"
#include "tests/testing/status_matchers.h"

namespace kindred::testing {

// Each record as "line:[field][field]", or "line:reason" for a bad one. Blank lines are passed over.
inline std::vector<std::string> CsvRecords(const std::string& text, size_t bytes_a_read, size_t block_bytes,
                                           size_t width = 0) {
  BlockReader reader(NewStringSource(text, bytes_a_read), block_bytes);
  std::vector<std::string> records;
  LogBlock block;
  CsvRecord record;
  uint64_t line = 1;
  while (true) {
    const auto cut = [&](absl::string_view part, bool at_end) { return CutCsv(part, at_end, width); };
    const auto more = reader.Next(cut, block);
    EXPECT_OK(more);
    if (!*more) return records;
    for (size_t at = 0; at < block.records_bytes();) {
      const absl::string_view rest = block.text().substr(at);
      ScanCsv(rest, true, record, width);
      std::string shown = absl::StrCat(line, ":");
      if (record.kind == CsvRecord::Kind::kWhole) {
        line += static_cast<uint64_t>(std::count(rest.begin(), rest.begin() + record.text_bytes, '\n'));
        for (const CsvRecord::Field& field : record.fields) {
          absl::StrAppend(&shown, "[", DecodeCsv(block.writable().data() + at, field), "]");
        }
        if (record.text_bytes > 0) records.push_back(shown);
        at += record.bytes;
      } else {
        records.push_back(absl::StrCat(shown, record.bad_reason));
        const size_t newline = rest.find('\n');
        at += newline == absl::string_view::npos ? rest.size() : newline + 1;
      }
      ++line;
    }
  }
}

}  // namespace kindred::testing
