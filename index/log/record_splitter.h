// Cuts a log with delimited columns into records and fields.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/log/block_buffer.h"

namespace kindred {

struct Record {
  absl::string_view text;  // As it stands in the log, for messages; of a bad record its first bytes.
  absl::Span<const absl::string_view> fields;  // Decoded. Empty for a bad record.
  uint64_t line = 0;                           // Where it begins, from 1.
  absl::string_view bad_reason;                // A constant; empty: a good record.
};

// Not thread-safe.
class RecordSplitter {
 public:
  virtual ~RecordSplitter() = default;
  // The next record, blank lines passed over, or nullopt at the end. Views are valid until the next call.
  // Errors: ByteSource::Read(). A bad record is no error: the next call goes on behind it.
  virtual absl::StatusOr<std::optional<Record>> Next() = 0;
};

// Tabs part fields and line ends part records; there is no quoting. The buffer must outlive the splitter.
//   Bad: "line too long".
std::unique_ptr<RecordSplitter> NewTsvSplitter(BlockBuffer* buffer);

// RFC 4180: commas, fields in double quotes with doubled quotes and line ends inside, CRLF or LF. A quote in the middle
// of an unquoted field is a character as any other, as most writers mean it. The buffer must outlive the splitter.
//   Bad: "line too long"; "unterminated quote": no quote closes the field before the end or within kMaxRecordBytes;
//   "text after quote": something other than a comma or a line end behind a closing quote. Reading goes on at the line
//   behind the one where the bad record begins, so that a stray quote costs its own line and not the rest of the log.
std::unique_ptr<RecordSplitter> NewCsvSplitter(BlockBuffer* buffer);

}  // namespace kindred
