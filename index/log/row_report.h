// What a reader says of the rows of a log.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kindred {

// A bad row or a skipped one, for the report.
struct RowExample {
  std::string file;
  uint64_t line = 0;   // From 1; of the decompressed text.
  std::string detail;  // What is wrong, with the offending value, at most 120 bytes.
};

// Every row is accounted for: rows = event_rows + sum(bad) + sum(skipped), where a row is a record of the log without
// its header, blank lines and OpenSearch bulk action lines (action_lines counts those).
struct ReadReport {
  struct Reason {
    uint64_t rows = 0;
    RowExample first;
  };
  uint64_t rows = 0;
  uint64_t event_rows = 0;  // Rows that gave an event (or took part in one: UBI queries and their clicks).
  uint64_t events = 0;      // Events given.
  uint64_t action_lines = 0;
  uint64_t empty_files = 0;  // Without a row, such as that of an hour in which nobody searched.
  std::string first_empty_file;
  std::map<std::string, Reason>
      bad;  // By reason, such as "time", "missing query", "not UTF-8", "wrong number of columns".
  std::map<std::string, Reason>
      skipped;  // Well formed, but not ours, such as UBI "impression" events or an empty query.
  uint64_t bad_rows() const;
};

// Adds what a later part of the same log gave.
void MergeReport(ReadReport&& later, ReadReport& report);

// InvalidArgument: more than this share of the rows are bad; with counts, reasons and the first example of each.
absl::Status CheckBadRows(const ReadReport& report, double max_bad_rows);

// InvalidArgument: `log`, of which this is the report, gave nothing to work with, for these reasons and those for which
// events were dropped.
absl::Status NoUsableSearch(absl::string_view log, const ReadReport& report,
                            const std::map<std::string, uint64_t>& dropped_events);

// The report for people: a line of totals, then a line for each reason with its count, its first example and, for some,
// what to do.
std::vector<std::string> ReportLines(const ReadReport& report);
// Its lines for some reasons; `kind` begins each.
std::vector<std::string> DescribedReasons(const std::map<std::string, ReadReport::Reason>& reasons,
                                          absl::string_view kind);

}  // namespace kindred
