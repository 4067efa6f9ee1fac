// How a log is cut so that several machines can read it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "index/log/event_reader.h"
#include "index/log/line_range.h"

namespace kindred {

// What one of them reads.
struct LogSplit {
  std::vector<size_t> inputs;      // Places in LogOptions::inputs.
  std::optional<ByteRange> range;  // Of the only input; nullopt: all.
};

// Plain TSV and NDJSON files are cut into parts of at most `split_bytes`, and smaller ones put together into as much;
// others, which cannot be cut, are each read by one machine, and UBI, whose searches and clicks are joined, all files
// by one. Looks at the beginning of each file. REQUIRES: split_bytes > 0.
//   InvalidArgument: standard input. Errors of EventReader::Open(), for each file.
absl::StatusOr<std::vector<LogSplit>> PlanSplits(const LogOptions& options, uint64_t split_bytes);

}  // namespace kindred
