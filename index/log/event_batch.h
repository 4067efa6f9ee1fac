// A piece of a log as events, with the texts that they point into.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "index/log/log_block.h"
#include "index/log/row_tally.h"
#include "index/log/search_event.h"
#include "index/log/text_arena.h"

namespace kindred {

// Filled by EventReader::NextBatch() and used again for the next piece, so that reading allocates nothing in the long
// run. Views of its events are valid until it is filled again or destroyed. Memory: a few times the reader's block.
// Not thread-safe; each thread has its own.
struct EventBatch {
  std::vector<SearchEvent> events;  // In the order of the log.
  // Grows with the place in the log: the batches of several threads, put into the order of their numbers, are the log.
  // There may be gaps.
  uint64_t number = 0;

  // The reader's own: what the events were parsed from, and what became of its rows.
  LogBlock block;
  TextArena texts;  // Those that do not stand in the block as they are.
  RowTally tally;
};

// Lets an event's texts last as long as the batch.
inline void KeepTexts(EventBatch& batch, SearchEvent& event) {
  for (absl::string_view* text : {&event.user, &event.query, &event.market, &event.item}) {
    *text = batch.texts.Keep(*text);
  }
}

// Adds an event whose texts do not last as long.
inline void AddCopy(EventBatch& batch, SearchEvent event) {
  KeepTexts(batch, event);
  batch.events.push_back(event);
}

}  // namespace kindred
