// Reads a whole log into one table of events a market.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "index/build/progress.h"
#include "index/build/resources.h"
#include "index/log/event_reader.h"
#include "index/mine/event_table.h"

namespace kindred {

inline constexpr char kBeforeWindow[] = "before the window";  // A reason of LoadedLog::dropped.
inline constexpr char kHalfTyped[] = "half-typed";            // Of LogCounts::dropped: it counts searches.

struct LoadedLog {
  std::vector<EventTable> markets;          // Ascending by name; none is without rows.
  ReadReport rows;                          // Of the log's format.
  std::map<std::string, uint64_t> dropped;  // Events of well-formed rows that are not for us, by reason.
  int64_t first_event_ms = 0, last_event_ms = 0;
};

// Errors of EventReader and of ChunkPool::status(); InvalidArgument: no event is left.
absl::StatusOr<LoadedLog> LoadLog(const LogOptions& options, const Resources& resources, Progress& progress,
                                  TableDetail detail = TableDetail::kAll);

// Lines that tell how many rows were read, and which were bad or left out.
std::string FormatRows(const LoadedLog& log);

// A line of the memory that the process has held, and what went through files instead. REQUIRES: a log with markets.
std::string FormatMemory(const LoadedLog& log, const Resources& resources);

}  // namespace kindred
