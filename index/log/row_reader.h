// Reads the events of one input. The readers of the formats stand behind this; EventReader strings them together.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "index/log/block_buffer.h"
#include "index/log/column_map.h"
#include "index/log/record_splitter.h"
#include "index/log/row_ledger.h"
#include "index/log/search_event.h"
#include "index/log/ubi_join.h"

namespace kindred {

// What holds for the rows of every input.
struct RowRules {
  ColumnNames columns;
  int64_t latest_ms = 0;  // Since 1970. Rows of a later time are bad.
};

// Not thread-safe. Rows that give no event go to the ledger, and so do those that do.
class RowReader {
 public:
  virtual ~RowReader() = default;
  // The next event, or nullopt after the last; views are valid until the next call.
  // Errors: as EventReader::Next(), without the file's name where they are about columns.
  virtual absl::StatusOr<std::optional<SearchEvent>> Next() = 0;
};

// TSV and CSV. Finds the columns from the first record, which it reads. The ledger must outlive it, as the splitter's
// buffer.
//   InvalidArgument: FindColumns(), NumberedColumns(); no record at all.
absl::StatusOr<std::unique_ptr<RowReader>> NewDelimitedReader(std::unique_ptr<RecordSplitter> splitter,
                                                              const RowRules& rules, RowLedger* ledger);

// NDJSON. Columns are the names of members, nested ones with dots; those at the log's beginning are looked at to find
// the roles. The buffer and the ledger must outlive it.
//   InvalidArgument: FindColumns(); numbered columns; no object at the beginning.
absl::StatusOr<std::unique_ptr<RowReader>> NewNdjsonReader(BlockBuffer* buffer, const RowRules& rules,
                                                           RowLedger* ledger);

// UBI searches and events, one a line, OpenSearch bulk action lines between them or not. Searches come out as they
// stand; clicks and the like go to the join, which gives them after the last input. `rules.columns` replaces where a
// role's value is looked for. Buffer, join and ledger must outlive it.
std::unique_ptr<RowReader> NewUbiReader(BlockBuffer* buffer, const RowRules& rules, UbiJoin* join, RowLedger* ledger);

}  // namespace kindred
