// Where a log may be cut into blocks, so that each holds whole records.
#pragma once

#include <cstddef>
#include <functional>

#include "absl/strings/string_view.h"

namespace kindred {

struct RecordCut {
  // Records that begin before this can be told from the text alone, in the same way as in the whole log. 0: none can.
  size_t records_bytes = 0;
  // The last of them is bad and its line goes on behind the text; the rest of the line is no part of any record.
  bool passes_over = false;
};

// `text` begins with a record and holds what follows, to the end of the log where at_end. Never 0 records where
// at_end or where the text is longer than kMaxRecordBytes + 1.
using CutRecords = std::function<RecordCut(absl::string_view text, bool at_end)>;

RecordCut CutLines(absl::string_view text, bool at_end);

}  // namespace kindred
