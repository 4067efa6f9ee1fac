// Records of users on their way from who visited the users to who counts a range of keys.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "index/mine/chunk_pool.h"
#include "index/mine/query_counter.h"
#include "index/mine/record_counter.h"
#include "index/mine/user_visitor.h"
#include "index/stage/block_file.h"

namespace kindred {

// What was taken from some users of a market.
struct MarketRecords {
  RecordRanges ranges;
  uint32_t wanted_days;
  UserRecords records;
  std::vector<QuerySum> queries;
  std::vector<SpellingSum> spellings;
};

// Which of `parts` a range is of. Parts are runs of ranges.
inline uint32_t PartOfRange(uint32_t range, uint32_t ranges, uint32_t parts) {
  return static_cast<uint32_t>(uint64_t{range} * parts / ranges);
}

// Writes the records of one part, of markets in the dictionary's order; returns how many they are.
//   ErrnoStatus(): the file cannot be written.
absl::StatusOr<uint64_t> WriteRecords(const std::string& path, absl::Span<const MarketRecords> markets, uint32_t part,
                                      uint32_t parts);

// One market's part, put together from the blocks of all users.
struct PartRecords {
  explicit PartRecords(const std::shared_ptr<ChunkPool>& pool) : records(pool) {}

  uint32_t wanted_days = 0;
  UserRecords records;
  std::vector<QuerySum> queries;  // In no order; several of one query.
  std::vector<SpellingSum> spellings;
};

// Reads blocks of one part; by market, as many as the dictionary has, those without records too.
//   Errors of BlockFileReader. DataLoss: blocks of different builds.
absl::StatusOr<std::vector<PartRecords>> ReadRecords(absl::Span<const std::string> paths,
                                                     const std::shared_ptr<ChunkPool>& pool, uint64_t& records);

}  // namespace kindred
