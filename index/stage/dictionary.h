// The strings of a log, and what else is known of all of it before its users are looked at: what a stage that sees a
// part of the events needs to number them as a single process does.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "index/log/row_report.h"
#include "index/mine/table_parts.h"

namespace kindred {

struct LogDictionary {
  ReadReport rows;
  std::map<std::string, uint64_t> dropped;            // Events of well-formed rows that are not for us, by reason.
  int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;  // Of all events, dropped ones too.
  std::vector<TableFrame> markets;                    // Ascending by name.
};

// Of a log of which `later` is the part after `earlier`. In linear time.
LogDictionary MergeDictionaries(LogDictionary earlier, LogDictionary later);

// ErrnoStatus(): the file cannot be written.
absl::Status WriteDictionary(const std::string& path, const LogDictionary& dictionary);
// Errors of BlockFileReader. DataLoss: strings out of order.
absl::StatusOr<LogDictionary> ReadDictionary(const std::string& path);
// Reads and merges files in their order, so that about twice as much is in memory as comes out.
absl::StatusOr<LogDictionary> ReadDictionaries(absl::Span<const std::string> paths);

}  // namespace kindred
