// A market's events user by user: the stage "users" of mining begins here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "index/mine/event_table.h"

namespace kindred {

// Reads a table's partitions of users. Keeps its memory between calls: one for each thread. The table must outlive it.
class UserRows {
 public:
  UserRows(const EventTable& table, const TimeWindow& window) : table_(table), window_(window) {}

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
    for (size_t i = 0; i < users_.size(); ++i) {
      if (i + 1 < users_.size()) prefetch(RowsOf(users_[i + 1]));
      visit(RowsOf(users_[i]));
    }
  }

 private:
  struct Slot {
    uint64_t user;
    uint32_t number = UINT32_MAX;  // UINT32_MAX: free.
  };

  absl::Span<const EventRow> RowsOf(const std::pair<size_t, size_t>& user) const {
    return absl::MakeConstSpan(rows_.data() + user.first, user.second - user.first);
  }
  void Load(uint32_t partition);
  void NumberUsers();
  void Scatter();
  size_t Order(absl::Span<EventRow> rows);

  const EventTable& table_;
  const TimeWindow window_;
  std::vector<StoredEvent> stored_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> number_of_event_;             // The user's, by place in stored_.
  std::vector<std::pair<uint64_t, uint32_t>> order_;  // Users' fingerprints and numbers, ascending.
  std::vector<uint32_t> events_of_user_, next_;       // By number.
  std::vector<EventRow> rows_;                        // By user.
  std::vector<EventRow> merged_;                      // Of one.
  std::vector<std::pair<size_t, size_t>> users_;      // Begin and end in rows_.
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
