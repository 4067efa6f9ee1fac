// What a command may use of the machine.
#pragma once

#include <cstdint>
#include <string>

#include "index/mine/chunk_pool.h"

namespace kindred {

struct Resources {
  uint32_t threads = 1;
  uint64_t memory_budget_bytes = UINT64_MAX;  // Of the whole process.
  std::string temp_dir = "/tmp";

  // A third of the budget is for records that wait to be counted; beyond it they go to disk. The rest is for what
  // counting and ranking look up again and again: the queries, the pairs that count, and the tables of ranking.
  SpillOptions Spill() const { return {static_cast<size_t>(memory_budget_bytes / 3), temp_dir}; }
};

}  // namespace kindred
