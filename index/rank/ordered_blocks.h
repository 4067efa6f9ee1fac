// Work in blocks on several threads, its results taken in order: what comes out does not depend on the threads.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/status_macros.h"

namespace kindred {

// Runs make(worker, block), which gives an absl::StatusOr<Result>, for blocks 0, 1, 2 ... below `blocks`, each once,
// worker numbers being below `threads` and no worker doing two blocks at a time; and take(Result), which gives an
// absl::Status, on the calling thread, in the order of the blocks. With one thread both run on the calling thread.
// Memory: at most four results a thread wait at a time. The first error in the order of the blocks stops the work and
// is returned, once all threads are done. REQUIRES: threads > 0; neither callback throws.
template <typename Result, typename Make, typename Take>
absl::Status RunBlocks(uint32_t blocks, uint32_t threads, Make make, Take take) {
  if (threads == 1 || blocks <= 1) {
    for (uint32_t block = 0; block < blocks; ++block) {
      ASSIGN_OR_RETURN(Result result, make(0U, block));
      RETURN_IF_ERROR(take(std::move(result)));
    }
    return absl::OkStatus();
  }
  std::mutex mutex;
  std::condition_variable changed;
  uint32_t next = 0, taken = 0, end = blocks;  // Blocks from `end` on are not begun.
  std::map<uint32_t, absl::StatusOr<Result>> done;
  const uint32_t most_waiting = 4 * threads;

  const auto work = [&](uint32_t worker) {
    std::unique_lock<std::mutex> lock(mutex);
    for (;;) {
      changed.wait(lock, [&] { return next >= end || next < taken + most_waiting; });
      if (next >= end) return;
      const uint32_t block = next++;
      lock.unlock();
      absl::StatusOr<Result> result = make(worker, block);
      lock.lock();
      if (!result.ok()) end = std::min(end, block + 1);
      done.emplace(block, std::move(result));
      changed.notify_all();
    }
  };
  std::vector<std::thread> workers;
  try {
    for (uint32_t worker = 0; worker < std::min(threads, blocks); ++worker) workers.emplace_back(work, worker);
  } catch (const std::system_error&) {  // The system gives no more threads: those that run do it all.
    if (workers.empty()) return RunBlocks<Result>(blocks, 1, std::move(make), std::move(take));
  }

  absl::Status status;
  for (uint32_t block = 0; block < blocks && status.ok(); ++block) {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return done.count(block) != 0; });
    absl::StatusOr<Result> result = std::move(done.extract(block).mapped());
    taken = block + 1;
    changed.notify_all();
    lock.unlock();
    status = result.ok() ? take(*std::move(result)) : result.status();
  }
  {
    const std::lock_guard<std::mutex> lock(mutex);
    end = 0;
    changed.notify_all();
  }
  for (std::thread& worker : workers) worker.join();
  return status;
}

}  // namespace kindred
