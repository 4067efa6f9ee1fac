#include "index/mine/user_rows.h"

#include <algorithm>
#include <utility>

namespace kindred {
namespace {

// Events that are looked up ahead; as many of nobody come last, so that nothing needs to ask where the end is.
constexpr size_t kAhead = 32;

// All bits where it has no product, else none: a branch on it could not be foreseen.
static_assert(kNoItem == UINT32_MAX);
uint32_t NoneMask(const StoredEvent& event) { return event.item == kNoItem ? kNoItem : 0; }

}  // namespace

// Fingerprints are hashes, so that their bits next to the partition's cut a partition into buckets of few users, most
// of them of one, without looking any user up.
void UserRows::Load(uint32_t partition) {
  const uint64_t most = table_.events_by_user_.records(partition);
  bucket_bits_ = 1;
  while ((uint64_t{2} << bucket_bits_) < most) ++bucket_bits_;
  const size_t buckets = size_t{1} << bucket_bits_;
  next_.assign(buckets + 1, 0);
  uint32_t* const next = next_.data();
  if (stored_.size() < most) stored_.resize(most);
  StoredEvent* const begin = stored_.data();
  StoredEvent* end = begin;
  const TimeWindow window = window_;
  const int shift = 64 - bucket_bits_;
  table_.events_by_user_.ForEach(partition, [&, shift](absl::Span<const StoredEvent> some) {
    for (const StoredEvent& event : some) {
      if (!window.Holds(static_cast<int64_t>(event.time_bits >> 4))) continue;
      *end++ = event;
      ++next[(event.user << kPartitionBits >> shift) + 1];
    }
  });
  for (size_t i = 1, sum = 0; i <= buckets; ++i) next[i] = static_cast<uint32_t>(sum += next[i]);
  const auto events = static_cast<size_t>(end - begin);
  by_user_.resize(events + kAhead);
  StoredEvent* const by_user = by_user_.data();
  for (const StoredEvent* event = begin; event != end; ++event) {
    by_user[next[event->user << kPartitionBits >> shift]++] = *event;
  }
  const StoredEvent nobodys{
      .user = uint64_t{partition ^ 1} << (64 - kPartitionBits), .time_bits = 0, .spelling = 0, .item = kNoItem};
  std::fill_n(by_user + events, kAhead, nobodys);
  SortSharedBuckets();
  at_ = 0;
}

// Of a bucket of several users, some event comes after one of a greater user, unless they are in order by chance.
void UserRows::SortSharedBuckets() {
  StoredEvent* const by_user = by_user_.data();
  const StoredEvent* const end = by_user + by_user_.size() - kAhead;
  for (StoredEvent* event = by_user; event + 1 < end; ++event) {
    if (event[0].user <= event[1].user) continue;
    const size_t bucket = event->user << kPartitionBits >> (64 - bucket_bits_);
    StoredEvent* const end_of_bucket = by_user + next_[bucket];
    std::sort(by_user + (bucket == 0 ? 0 : next_[bucket - 1]), end_of_bucket,
              [](const StoredEvent& x, const StoredEvent& y) {
                return x.user != y.user ? x.user < y.user : x.time_bits < y.time_bits;
              });
    event = end_of_bucket - 1;
  }
}

absl::Span<const EventRow> UserRows::NextUser() {
  const StoredEvent* const begin = by_user_.data() + at_;
  if (at_ + kAhead == by_user_.size()) return {};
  const uint64_t user = begin->user;
  const StoredEvent* end = begin + 1;
  while (end->user == user) ++end;
  at_ += static_cast<size_t>(end - begin);
  turn_ = 1 - turn_;
  if (rows_[turn_].size() < static_cast<size_t>(end - begin)) rows_[turn_].resize(static_cast<size_t>(end - begin));
  EventRow* const rows = rows_[turn_].data();
  const EventTable::SpellingIds* const spelling_ids = table_.spelling_ids_.data();
  const ItemId* const item_ids = table_.item_ids_.empty() ? &kNoItem : table_.item_ids_.data();
  EventRow* row = rows;
  bool ascending = true;
  int64_t last_ms = -1;
  for (const StoredEvent* event = begin; event != end; ++event) {
    __builtin_prefetch(&spelling_ids[event[kAhead].spelling]);
    __builtin_prefetch(&item_ids[event[kAhead].item & ~NoneMask(event[kAhead])]);
    const EventTable::SpellingIds ids = spelling_ids[event->spelling];
    const auto time_ms = static_cast<int64_t>(event->time_bits >> 4);
    ascending &= std::exchange(last_ms, time_ms) < time_ms;
    *row++ = {.time_ms = time_ms,
              .spelling = ids.spelling,
              .query = ids.query,
              .item = item_ids[event->item & ~NoneMask(*event)] | NoneMask(*event),
              .action = static_cast<Action>(event->time_bits >> 2 & 3),
              .found = static_cast<Found>(event->time_bits & 3)};
  }
  return absl::MakeConstSpan(rows, ascending ? static_cast<size_t>(row - rows) : Order(absl::MakeSpan(rows, row)));
}

// Makes rows ascending and distinct; the number that is left. A user's events come in order of time, of each thread
// that read some.
size_t UserRows::Order(absl::Span<EventRow> rows) {
  const auto no_later = [](const EventRow& x, const EventRow& y) { return x.time_ms >= y.time_ms; };
  const auto middle = std::adjacent_find(rows.begin(), rows.end(), no_later) + 1;
  if (std::adjacent_find(middle, rows.end(), no_later) == rows.end()) {
    merged_.resize(rows.size());
    std::merge(rows.begin(), middle, middle, rows.end(), merged_.begin());
    return static_cast<size_t>(std::unique_copy(merged_.begin(), merged_.end(), rows.begin()) - rows.begin());
  }
  std::sort(rows.begin(), rows.end());
  return static_cast<size_t>(std::unique(rows.begin(), rows.end()) - rows.begin());
}

}  // namespace kindred
