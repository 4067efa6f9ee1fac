// A market's events user by user: the stage "users" of mining begins here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/spill_memory.h"
#include "index/mine/event_table.h"

namespace kindred {

// Reads a table's partitions of users. Keeps its memory between calls: one for each thread. Of a user of millions of
// events that is much: it is of the table's pool, which keeps to a budget. The table must outlive it.
class UserRows {
 public:
  UserRows(const EventTable& table, const TimeWindow& window)
      : table_(table),
        window_(window),
        stored_(table.pool()->arrays()),
        by_user_(table.pool()->arrays()),
        rows_{SpillVector<EventRow>(table.pool()->arrays()), SpillVector<EventRow>(table.pool()->arrays())},
        merged_(table.pool()->arrays()) {}

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
  void SortSharedBuckets();
  // Valid until the call after the next; empty: there was no other.
  absl::Span<const EventRow> NextUser();
  size_t Order(absl::Span<EventRow> rows);

  static constexpr int kPartitionBits = 8;
  static_assert(EventTable::kUserPartitions == 1 << kPartitionBits);

  const EventTable& table_;
  const TimeWindow window_;
  SpillVector<StoredEvent> stored_;   // In order of arrival.
  SpillVector<StoredEvent> by_user_;  // Ascending.
  int bucket_bits_ = 1;
  std::vector<uint32_t> next_;     // By bucket: into by_user_, where its next event goes; in the end, its end.
  size_t at_ = 0;                  // In by_user_: the next user's first.
  SpillVector<EventRow> rows_[2];  // Of a user, and the next.
  int turn_ = 0;
  SpillVector<EventRow> merged_;  // Of one.
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
