#include "index/mine/user_rows.h"

#include <algorithm>

namespace kindred {
namespace {

constexpr size_t kAhead = 32;  // Events that are looked up ahead.

}  // namespace

void UserRows::Load(uint32_t partition) {
  stored_.clear();
  table_.events_by_user_.ForEach(partition, [&](absl::Span<const StoredEvent> events) {
    for (const StoredEvent& event : events) {
      if (window_.Holds(static_cast<int64_t>(event.time_bits >> 4))) stored_.push_back(event);
    }
  });
  NumberUsers();
  Scatter();
}

// In order of arrival, by a table that fits a cache.
void UserRows::NumberUsers() {
  size_t size = 64;
  slots_.assign(size, {});
  order_.clear();
  events_of_user_.clear();
  number_of_event_.resize(stored_.size());
  for (size_t i = 0; i < stored_.size(); ++i) {
    const uint64_t user = stored_[i].user;
    size_t at = user & (size - 1);  // The partition is of the first byte, not of these.
    while (slots_[at].number != UINT32_MAX && slots_[at].user != user) at = (at + 1) & (size - 1);
    if (slots_[at].number == UINT32_MAX) {
      slots_[at] = {user, static_cast<uint32_t>(order_.size())};
      order_.emplace_back(user, slots_[at].number);
      events_of_user_.push_back(0);
    }
    const uint32_t number = slots_[at].number;
    ++events_of_user_[number];
    number_of_event_[i] = number;
    if (order_.size() * 2 < size) continue;
    slots_.assign(size *= 4, {});
    for (const auto& [known, its_number] : order_) {
      size_t to = known & (size - 1);
      while (slots_[to].number != UINT32_MAX) to = (to + 1) & (size - 1);
      slots_[to] = {known, its_number};
    }
  }
  std::sort(order_.begin(), order_.end());
}

void UserRows::Scatter() {
  next_.resize(order_.size());
  users_.clear();
  uint32_t begin = 0;
  for (const auto& [user, number] : order_) {
    next_[number] = begin;
    users_.emplace_back(begin, begin + events_of_user_[number]);
    begin += events_of_user_[number];
  }
  rows_.resize(stored_.size());
  for (size_t i = 0; i < stored_.size(); ++i) {
    if (i + kAhead < stored_.size()) {
      const StoredEvent& ahead = stored_[i + kAhead];
      __builtin_prefetch(&table_.spelling_ids_[ahead.spelling]);
      if (ahead.item != kNoItem) __builtin_prefetch(&table_.item_ids_[ahead.item]);
    }
    const StoredEvent& event = stored_[i];
    const EventTable::SpellingIds& ids = table_.spelling_ids_[event.spelling];
    rows_[next_[number_of_event_[i]]++] = {.time_ms = static_cast<int64_t>(event.time_bits >> 4),
                                           .spelling = ids.spelling,
                                           .query = ids.query,
                                           .item = event.item == kNoItem ? kNoItem : table_.item_ids_[event.item],
                                           .action = static_cast<Action>(event.time_bits >> 2 & 3),
                                           .found = static_cast<Found>(event.time_bits & 3)};
  }
  for (auto& [first, last] : users_) last = first + Order(absl::MakeSpan(rows_).subspan(first, last - first));
}

// Makes rows ascending and distinct; the number that is left. A user's events come in order of time, each at its own,
// of each thread that read some.
size_t UserRows::Order(absl::Span<EventRow> rows) {
  const auto no_later = [](const EventRow& x, const EventRow& y) { return x.time_ms >= y.time_ms; };
  const auto second = std::adjacent_find(rows.begin(), rows.end(), no_later);
  if (second == rows.end()) return rows.size();
  const auto middle = second + 1;
  if (std::adjacent_find(middle, rows.end(), no_later) == rows.end()) {
    merged_.resize(rows.size());
    std::merge(rows.begin(), middle, middle, rows.end(), merged_.begin());
    return static_cast<size_t>(std::unique_copy(merged_.begin(), merged_.end(), rows.begin()) - rows.begin());
  }
  std::sort(rows.begin(), rows.end());
  return static_cast<size_t>(std::unique(rows.begin(), rows.end()) - rows.begin());
}

}  // namespace kindred
