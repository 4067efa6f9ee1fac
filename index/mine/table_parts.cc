#include "index/mine/table_parts.h"

#include <numeric>

#include "absl/strings/str_cat.h"

namespace kindred {

// A normal form holds no control character.
Fingerprint FingerprintOfSpelling(NormalizedView query, absl::string_view display) {
  return FingerprintOf(absl::StrCat(query.text(), absl::string_view("\0", 1), display));
}

TableFrame TableParts::TakeFrame(EventTable& table) {
  return {.market = std::move(table.market),
          .texts = std::move(table.texts_),
          .queries = std::move(table.queries),
          .spellings = std::move(table.spellings),
          .items = std::move(table.item_fingerprints),
          .about_events = std::move(table.about_events_of_query_),
          .minutes = std::move(table.minutes_),
          .events = table.events_,
          .first_ms = table.first_ms_,
          .last_ms = table.last_ms_,
          .tells_found = table.tells_found_};
}

EventTable TableParts::Assemble(TableFrame frame, const std::shared_ptr<ChunkPool>& pool,
                                Partitions<StoredEvent> events) {
  EventTable table;
  table.pool_ = pool;
  table.events_by_user_ = std::move(events);
  table.market = std::move(frame.market);
  table.texts_ = std::move(frame.texts);
  table.queries = std::move(frame.queries);
  table.spellings = std::move(frame.spellings);
  for (SpellingId i = 0; i < table.spellings.size(); ++i) table.spelling_ids_.push_back({i, table.spellings[i].query});
  table.item_ids_.resize(frame.items.size());
  std::iota(table.item_ids_.begin(), table.item_ids_.end(), 0U);
  table.item_fingerprints = std::move(frame.items);
  table.about_events_of_query_ = std::move(frame.about_events);
  table.minutes_ = std::move(frame.minutes);
  table.events_ = frame.events;
  table.first_ms_ = frame.first_ms;
  table.last_ms_ = frame.last_ms;
  table.tells_found_ = frame.tells_found;
  return table;
}

}  // namespace kindred
