// Turns blocks of a log into events. The parsers of the formats stand behind this; EventReader strings them together.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/log/block_reader.h"
#include "index/log/column_map.h"
#include "index/log/event_batch.h"
#include "index/log/ubi_join.h"

namespace kindred {

// What holds for the rows of every input.
struct RowRules {
  ColumnNames columns;
  int64_t latest_ms = 0;  // Since 1970. Rows of a later time are bad.
};

// Of one input. Immutable but where is_serial(), so that threads may parse blocks at once and in any order, each into
// its own batch.
class BlockParser {
 public:
  virtual ~BlockParser() = default;
  // Adds the events of the batch's block to the empty rest of the batch, and to its tally what became of each row.
  virtual void Parse(EventBatch& batch) = 0;
  // True where a block must be parsed after all that stand before it, by one thread at a time.
  virtual bool is_serial() const { return false; }
};

// How an input is to be read from its next byte on.
struct InputParser {
  std::unique_ptr<BlockParser> parser;
  CutRecords cut;
  uint64_t lines_before = 0;  // Lines taken already: blank ones and the header.
};

// TSV: tabs part fields, line ends part records, and there is no quoting. CSV: RFC 4180, see ScanCsv(). Both find the
// columns from the first record; a header is taken from the reader.
//   Bad rows: "line too long", "wrong number of columns", JudgeRow(); for CSV what ScanCsv() finds bad.
//   InvalidArgument: FindColumns(), NumberedColumns(); no record at all.  Others: ByteSource::Read().
absl::StatusOr<InputParser> NewTsvParser(BlockReader& reader, const RowRules& rules);
absl::StatusOr<InputParser> NewCsvParser(BlockReader& reader, const RowRules& rules);

// NDJSON. Columns are the names of members, nested ones with dots. Each row's roles are found by its own members, see
// RowMembers; that the needed ones are there at all is looked up at the log's beginning.
//   InvalidArgument: CheckNames(); two members of one role in one row, numbered columns, no object, each at the
//   beginning.  Others: ByteSource::Read().
absl::StatusOr<InputParser> NewNdjsonParser(BlockReader& reader, const RowRules& rules);

// UBI searches and events, one a line, OpenSearch bulk action lines between them or not. Searches come out as they
// stand; clicks and the like go to the join, which gives them after the last input. Hence it is serial.
// `rules.columns` replaces where a role's value is looked for. `file` names the input in examples. The join must
// outlive it. REQUIRES: CheckUbiColumns().
InputParser NewUbiParser(const RowRules& rules, std::string file, UbiJoin* join);

// InvalidArgument: a needed role is given no column.
absl::Status CheckUbiColumns(const ColumnNames& named);

}  // namespace kindred
