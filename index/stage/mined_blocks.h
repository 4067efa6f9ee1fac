// Counts on their way: of a part of the keys, from who counted it, and of a whole log, to who ranks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "index/mine/mined_log.h"
#include "index/stage/dictionary.h"
#include "index/stage/record_blocks.h"

namespace kindred {

// What visiting some users brought, besides their records.
struct UsersReport {
  std::vector<MineReport> markets;  // In the dictionary's order.
  uint64_t events = 0, records = 0;
};

absl::Status WriteUsersReport(const std::string& path, const UsersReport& report);

// Counts what was read of a part, of which `records` are told to whoever merges, and writes it.
//   Errors of ChunkPool::status().  ErrnoStatus(): the file cannot be written.
absl::Status WriteCounts(const std::string& path, const std::shared_ptr<ChunkPool>& pool, const MineOptions& options,
                         std::vector<PartRecords> markets, uint64_t records);

// Puts the counts of all parts, in their order, and the reports of all users together, by market, into a file.
//   Errors of BlockFileReader.  DataLoss: events or records are missing, or came twice; counts are out of order.
//   ErrnoStatus(): the file cannot be written.
absl::Status MergeCounts(const LogDictionary& dictionary, absl::Span<const std::string> counts,
                         absl::Span<const std::string> reports, const std::string& path);

// Of such a file. Errors of BlockFileReader.
absl::StatusOr<std::vector<MinedLog>> ReadMined(const std::string& path);
absl::StatusOr<std::vector<MineReport>> ReadMineReports(const std::string& path);

}  // namespace kindred
