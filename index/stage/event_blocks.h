// Events on their way from who read them to who mines their users. Strings go by fingerprint, once a block; the
// dictionary of the whole log turns them into ids.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "index/mine/chunk_pool.h"
#include "index/mine/event_table.h"
#include "index/mine/table_parts.h"
#include "index/stage/dictionary.h"

namespace kindred {

// A market's part that was read. The events of one user are all in one group.
struct ReadMarket {
  TableFrame frame;
  std::vector<std::vector<StoredEvent>> groups;  // With ids of the frame.
};

// Which of `groups` a user is of.
inline uint32_t GroupOfUser(uint64_t user, uint32_t groups) {
  return static_cast<uint32_t>(((user >> 32) * groups) >> 32);
}

// Takes the group's events. REQUIRES: group is below the number of each market's.
absl::Status WriteEvents(const std::string& path, absl::Span<ReadMarket> markets, uint32_t group);

// The tables of a dictionary's markets, in its order, with the events of these blocks alone; first_ms(), events() and
// the like are of the whole log. The dictionary's markets are taken.
//   Errors of BlockFileReader.  DataLoss: an event whose strings the dictionary lacks (did the log change?).
//   Errors of ChunkPool::status().
absl::StatusOr<std::vector<EventTable>> ReadEvents(absl::Span<const std::string> paths, LogDictionary& dictionary,
                                                   const std::shared_ptr<ChunkPool>& pool, uint64_t& events);

}  // namespace kindred
