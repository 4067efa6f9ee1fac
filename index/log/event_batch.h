// A piece of a log as events, with the texts that they point into.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "index/log/search_event.h"

namespace kindred {

// Filled by EventReader::NextBatch() and used again for the next piece, so that reading allocates nothing in the long
// run. Views of its events are valid until it is filled again or destroyed. Memory: about four times the reader's
// block. Not thread-safe; each thread has its own.
struct EventBatch {
  std::vector<SearchEvent> events;  // In the order of the log. May be empty where all rows of a piece are bad.
  // Grows with the place in the log: the batches of several threads, put into the order of their numbers, are the log.
  // There may be gaps.
  uint64_t number = 0;

  // Where the views point.
  std::vector<std::unique_ptr<char[]>> texts;
};

}  // namespace kindred
