// A market's table in parts, so that another process can make it again, or one of it with the events of some users.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "common/large_page_allocator.h"
#include "index/mine/chunk_pool.h"
#include "index/mine/event_table.h"
#include "index/mine/fingerprint.h"
#include "index/mine/partitions.h"
#include "index/mine/string_arena.h"

namespace kindred {

// All of an EventTable but its events. Members as there.
struct TableFrame {
  std::string market;
  StringArena texts;  // What the queries and the spellings view.
  LargePageVector<NormalizedView> queries;
  LargePageVector<Spelling> spellings;
  std::vector<Fingerprint> items;
  std::vector<uint64_t> about_events;  // By query.
  std::vector<std::pair<uint32_t, uint64_t>> minutes;
  uint64_t events = 0;
  int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;
  bool tells_found = false;
};

// What two spellings of equal fingerprints share: their display form and their query.
Fingerprint FingerprintOfSpelling(NormalizedView query, absl::string_view display);

// REQUIRES of tables: TableDetail::kAll.
class TableParts {
 public:
  // Leaves a table with which nothing but TakeEvents() may be done.
  static TableFrame TakeFrame(EventTable& table);
  // Calls visit(event) for all events, by user partition, with ids of the table for spelling and item, and gives their
  // memory back. A failure of the disk stays in the pool's status().
  template <typename Visit>
  static void TakeEvents(EventTable& table, Visit visit) {
    for (uint32_t partition = 0; partition < EventTable::kUserPartitions; ++partition) {
      table.events_by_user_.ForEach(partition, [&](absl::Span<const StoredEvent> events) {
        for (StoredEvent event : events) {
          event.spelling = table.spelling_ids_[event.spelling].spelling;
          if (event.item != kNoItem) event.item = table.item_ids_[event.item];
          visit(event);
        }
      });
      table.events_by_user_.Clear(partition);
    }
  }
  // The table of a frame and of events with ids of the frame, which may be fewer than the frame tells of. REQUIRES:
  // `events` has kUserPartitions over `pool`, by the first byte of the user.
  static EventTable Assemble(TableFrame frame, const std::shared_ptr<ChunkPool>& pool, Partitions<StoredEvent> events);
};

}  // namespace kindred
