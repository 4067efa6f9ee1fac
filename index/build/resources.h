// What a command may use of the machine.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "index/mine/chunk_pool.h"

namespace kindred {

struct Resources {
  uint32_t threads = 1;
  uint64_t memory_budget_bytes = UINT64_MAX;  // Of the process: see Spill().
  std::string temp_dir = "/tmp";

  // Memory for records that wait to be counted, at most; beyond it they go to disk. Not more than a sixth of the
  // budget, whose rest is for what counting and ranking look up again and again: the queries, and the pairs that count
  // and the tables of ranking, which go to disk in their turn where they do not fit (common/spill_memory.h). Nor more
  // than this, because chunks that are used again are faster than fresh memory, which the system clears first, and
  // because the system keeps the files in memory as long as there is room: twice as much is no faster at ten million
  // rows.
  static constexpr uint64_t kMostSpillMemory = 32 << 20;
  SpillOptions Spill() const {
    return {static_cast<size_t>(std::min(memory_budget_bytes / 6, kMostSpillMemory)), temp_dir, memory_budget_bytes};
  }
};

}  // namespace kindred
