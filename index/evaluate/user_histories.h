// What each user of a window did, cleaned as for mining, on several threads: the way to sessions that were held out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/parallel_for.h"
#include "common/status_macros.h"
#include "index/mine/event_table.h"
#include "index/mine/user_history.h"
#include "index/mine/user_rows.h"

namespace kindred {

// Appends what `visit(rows, history, result)` appends for each user who has a history in the window, in order of users
// whatever the number of threads, which must be above 0. REQUIRES: visit() may run on several threads at once.
//   Errors of ForEachUser().
template <typename Result, typename Visit>
absl::StatusOr<std::vector<Result>> CollectFromUsers(const EventTable& table, const HistoryOptions& options,
                                                     const TimeWindow& window, uint32_t threads, Visit visit) {
  struct Worker {
    UserRows rows;
    HistoryCleaner cleaner;
  };
  std::vector<std::unique_ptr<Worker>> workers(threads);
  std::vector<std::vector<Result>> of_partition(EventTable::kUserPartitions);
  ParallelFor(threads, of_partition.size(), [&](uint32_t number, size_t partition) {
    std::unique_ptr<Worker>& worker = workers[number];
    if (worker == nullptr) worker.reset(new Worker{UserRows(table, window), HistoryCleaner(table, options)});
    worker->rows.ForEachUser(static_cast<uint32_t>(partition), [&](absl::Span<const EventRow> rows) {
      if (const UserHistory* history = worker->cleaner.Clean(rows)) visit(rows, *history, of_partition[partition]);
    });
  });
  RETURN_IF_ERROR(table.pool()->status());
  std::vector<Result> all;
  for (const std::vector<Result>& some : of_partition) all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace kindred
