// A market's events user by user: the stage "users" of mining begins here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/spill_memory.h"
#include "index/mine/event_table.h"
#include "index/mine/user_events.h"

namespace kindred {

// Reads a table's partitions of users. Keeps its memory between calls: one for each thread. Of a user of millions of
// events that is much: large arrays are the table's pool's, which keeps to a budget. The table must outlive it.
class UserRows {
 public:
  UserRows(const EventTable& table, const TimeWindow& window)
      : table_(table),
        window_(window),
        events_(table.pool()->arrays()),
        searches_(table.pool()->arrays()),
        rows_{SpillVector<EventRow>(table.pool()->arrays()), SpillVector<EventRow>(table.pool()->arrays())} {}

  // Calls visit(rows) for each user of one partition below EventTable::kUserPartitions who has some in the window,
  // ascending by the user's fingerprint: distinct rows, ascending, valid during the call. A failure of the disk stays
  // in the pool's status().
  template <typename Visit>
  void ForEachUser(uint32_t partition, Visit visit) {
    ForEachUser(
        partition, [](absl::Span<const EventRow> /*rows*/) {}, visit);
  }
  // Likewise, and calls prefetch(rows) before the visit to the user before, for all users but the first.
  template <typename Prefetch, typename Visit>
  void ForEachUser(uint32_t partition, Prefetch prefetch, Visit visit) {
    Load(partition);
    for (absl::Span<const EventRow> rows = NextUser(), next; !rows.empty(); rows = next) {
      next = NextUser();
      if (!next.empty()) prefetch(next);
      visit(rows);
    }
  }

 private:
  void Load(uint32_t partition);
  // Valid until the call after the next; empty: there was no other.
  absl::Span<const EventRow> NextUser();
  template <typename Event>
  absl::Span<const EventRow> NextOf(UserEvents<Event>& events);
  inline const ItemId* ItemIds() const;  // One at least.
  inline EventRow RowOf(const StoredEvent& event) const;
  inline EventRow RowOf(const StoredSearch& search) const;
  inline void Prefetch(const StoredEvent& event) const;
  inline void Prefetch(const StoredSearch& search) const;
  static size_t Order(absl::Span<EventRow> rows);

  const EventTable& table_;
  const TimeWindow window_;
  UserEvents<StoredEvent> events_;  // One of these is used.
  UserEvents<StoredSearch> searches_;
  SpillVector<EventRow> rows_[2];  // Of a user, and the next.
  int turn_ = 0;
};

// Visits all users of all partitions on the caller's thread.
//   Errors of ChunkPool::status().
template <typename Visit>
absl::Status ForEachUser(const EventTable& table, const TimeWindow& window, Visit visit) {
  UserRows rows(table, window);
  for (uint32_t partition = 0; partition < EventTable::kUserPartitions; ++partition) rows.ForEachUser(partition, visit);
  return table.pool()->status();
}

}  // namespace kindred
