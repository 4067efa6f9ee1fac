#include "index/mine/user_rows.h"

#include <algorithm>
#include <utility>

namespace kindred {
namespace {

// All bits where it has no product, else none: a branch on it could not be foreseen.
static_assert(kNoItem == UINT32_MAX);
uint32_t NoneMask(const StoredEvent& event) { return event.item == kNoItem ? kNoItem : 0; }

}  // namespace

void UserRows::Load(uint32_t partition) {
  if (table_.has_detail()) {
    events_.Load(table_.events_by_user_, partition, window_);
  } else {
    searches_.Load(table_.searches_by_user_, partition, window_);
  }
}

const ItemId* UserRows::ItemIds() const { return table_.item_ids_.empty() ? &kNoItem : table_.item_ids_.data(); }

void UserRows::Prefetch(const StoredEvent& event) const {
  __builtin_prefetch(&table_.spelling_ids_[event.spelling]);
  __builtin_prefetch(ItemIds() + (event.item & ~NoneMask(event)));
}

void UserRows::Prefetch(const StoredSearch& search) const {
  __builtin_prefetch(&table_.spelling_ids_[search.spelling()]);
}

EventRow UserRows::RowOf(const StoredEvent& event) const {
  const EventTable::SpellingIds ids = table_.spelling_ids_[event.spelling];
  const uint32_t none = NoneMask(event);
  return {.time_ms = TimeMs(event),
          .spelling = ids.spelling,
          .query = ids.query,
          .item = ItemIds()[event.item & ~none] | none,
          .action = static_cast<Action>(event.time_bits >> 2 & 3),
          .found = static_cast<Found>(event.time_bits & 3)};
}

EventRow UserRows::RowOf(const StoredSearch& search) const {
  const EventTable::SpellingIds ids = table_.spelling_ids_[search.spelling()];
  const uint32_t clicked = search.time_bits() & 1;
  return {.time_ms = TimeMs(search),
          .spelling = ids.spelling,
          .query = ids.query,
          .item = clicked - 1,  // The only one, or kNoItem.
          .action = static_cast<Action>(clicked),
          .found = Found::kUnknown};
}

template <typename Event>
absl::Span<const EventRow> UserRows::NextOf(UserEvents<Event>& events) {
  const absl::Span<const Event> of_user = events.Next();
  if (of_user.empty()) return {};
  turn_ = 1 - turn_;
  if (rows_[turn_].size() < of_user.size()) rows_[turn_].resize(of_user.size());
  EventRow* const rows = rows_[turn_].data();
  EventRow* row = rows;
  bool ascending = true;
  int64_t last_ms = -1;
  for (const Event& event : of_user) {
    Prefetch((&event)[UserEvents<Event>::kAhead]);
    const int64_t time_ms = TimeMs(event);
    ascending &= std::exchange(last_ms, time_ms) < time_ms;
    *row++ = RowOf(event);
  }
  return absl::MakeConstSpan(rows, ascending ? static_cast<size_t>(row - rows) : Order(absl::MakeSpan(rows, row)));
}

absl::Span<const EventRow> UserRows::NextUser() { return table_.has_detail() ? NextOf(events_) : NextOf(searches_); }

// Makes rows ascending and distinct; the number that is left.
size_t UserRows::Order(absl::Span<EventRow> rows) {
  std::sort(rows.begin(), rows.end());
  return static_cast<size_t>(std::unique(rows.begin(), rows.end()) - rows.begin());
}

}  // namespace kindred
