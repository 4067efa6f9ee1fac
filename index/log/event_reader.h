// Readers of search logs: TSV, CSV (RFC 4180), NDJSON and UBI, plain, gzip or zstd, files or standard input.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "index/log/event_batch.h"
#include "index/log/line_range.h"
#include "index/log/row_report.h"
#include "index/log/search_event.h"

namespace kindred {

enum class LogFormat { kAuto, kTsv, kCsv, kNdjson, kUbi };

// "auto", "tsv", "csv", "ndjson", "ubi". InvalidArgument: anything else.
absl::StatusOr<LogFormat> ParseLogFormat(absl::string_view name);

struct LogOptions {
  std::vector<std::string> inputs;      // Paths, "-" for standard input. Read in this order.
  LogFormat format = LogFormat::kAuto;  // kAuto: by each file's name, else its first bytes.
  // Log column by role: user, session, time, query, item, action, hits, market. A value is a column's name, or its
  // number from 1 where there is no header; empty: no column plays that role. Roles not named are found by usual names.
  // See ParseColumns().
  std::map<std::string, std::string> columns;
  double max_bad_rows = 0.01;  // Largest share of rows that may be bad, 0 to 1.
  // Rows dated more than a day later are bad: one typing error must not decide how old everything else is.
  absl::Time now = absl::Now();
  // Events before this are left out, by LoadLog(). nullopt: none are.
  std::optional<absl::Time> not_before;
  // Of a log: inputs without a row are no error and are not counted, since others may have rows. A range is one, too.
  bool is_part = false;
  // Of the only input, a plain file of TSV or NDJSON: the records that begin in this range, which may be none. Its
  // header, or what stands in for one, is that of the whole file. nullopt: all.
  std::optional<ByteRange> range;
  // Rows are read in pieces of about this size. The default keeps a piece and its events in a core's cache; what is
  // read does not depend on it. REQUIRES: > 0.
  size_t block_bytes = 128 << 10;
};

// "user=user_id,time=query_time,query=3,market=" to a map. InvalidArgument: an unknown role (the message lists the
// roles), a role twice, no '='.
absl::StatusOr<std::map<std::string, std::string>> ParseColumns(absl::string_view text);

// Gives the events of all inputs in file order (for UBI: searches as they stand, and after the last input their
// clicks). Thread-safety: any number of threads may call NextBatch() and bytes_read() at once, each with its own batch;
// nothing else. The reader starts no thread: cutting the log into pieces is serial and cheap, and a piece is parsed by
// the thread that asked for it, so that its events are used where they are in the cache. Whatever the threads, the
// events and the report are the same.
class EventReader {
 public:
  // Opens the first input only. NotFound, PermissionDenied: a file, named. InvalidArgument: no inputs; columns that the
  // log does not have (the message lists the columns found).
  static absl::StatusOr<std::unique_ptr<EventReader>> Open(const LogOptions& options);
  virtual ~EventReader() = default;

  // Fills the batch with the next events; false, and an empty batch, after the last. A thread that got false is done,
  // while others may still get events or an error: the whole log was read well where no thread got one.
  //   DataLoss: compressed input is truncated or damaged (file named).
  //   InvalidArgument: as Open(), for a later file; no file has a row ("no rows"); or more than max_bad_rows of the
  //   rows are bad (judged at the end, and before it only where more than half of the rows so far, 10,000 or more, are
  //   bad; with counts, reasons and the first example of each); zstd windows over 128 MiB. A failed reader stays
  //   failed.
  virtual absl::StatusOr<bool> NextBatch(EventBatch& batch) = 0;
  // The next event, or nullopt after the last; its views are valid until the next call. Errors: NextBatch(), which is
  // not to be called on the same reader.
  absl::StatusOr<std::optional<SearchEvent>> Next();
  // Complete after the last batch.
  virtual const ReadReport& report() const = 0;
  // Compressed bytes read so far and, where known, of all inputs; for progress.
  virtual uint64_t bytes_read() const = 0;
  virtual std::optional<uint64_t> bytes_total() const = 0;

 private:
  EventBatch batch_;  // Of Next().
  size_t next_in_batch_ = 0;
};

}  // namespace kindred
