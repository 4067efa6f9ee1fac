// A partition's events brought together by user.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "common/spill_memory.h"
#include "index/mine/event_table.h"
#include "index/mine/partitions.h"

namespace kindred {

// What UserEvents asks of events of either kind. UserBits() are those bits of the user that the partition does not
// tell, uppermost.
inline uint64_t UserBits(const StoredEvent& event) { return event.user << kPartitionBits; }
inline uint64_t UserBits(const StoredSearch& search) {
  return search.user_and_time >> StoredSearch::kTimeBits << StoredSearch::kTimeBits;
}
inline int64_t TimeMs(const StoredEvent& event) { return static_cast<int64_t>(event.time_bits >> 4); }
inline int64_t TimeMs(const StoredSearch& search) { return static_cast<int64_t>(search.time_bits() >> 1); }
inline bool IsBefore(const StoredEvent& x, const StoredEvent& y) {
  return x.user != y.user ? x.user < y.user : x.time_bits < y.time_bits;
}
inline bool IsBefore(const StoredSearch& x, const StoredSearch& y) {
  return x.user_and_time != y.user_and_time ? x.user_and_time < y.user_and_time
                                            : x.time_and_spelling < y.time_and_spelling;
}
inline StoredEvent OfAnotherUser(const StoredEvent& event) {
  return {.user = ~event.user, .time_bits = 0, .spelling = 0, .item = kNoItem};
}
inline StoredSearch OfAnotherUser(const StoredSearch& search) {
  return {.user_and_time = ~search.user_and_time, .time_and_spelling = 0};
}

// Keeps its memory between calls. Not thread-safe. Event: StoredEvent or StoredSearch.
template <typename Event>
class UserEvents {
 public:
  // Events that may be looked at behind those of a user, so that nothing needs to ask where the end is. They may be
  // nobody's.
  static constexpr size_t kAhead = 32;

  // Its arrays are of `memory`.
  explicit UserEvents(const std::shared_ptr<SpillMemory>& memory) : stored_(memory), by_user_(memory), next_(memory) {}

  // Fingerprints are hashes, so that their bits next to the partition's cut a partition into buckets of few users, most
  // of them of one, without looking any user up. A failure of the disk stays in the pool's status().
  void Load(const Partitions<Event>& events, uint32_t partition, const TimeWindow& window) {
    const uint64_t most = events.records(partition);
    int bucket_bits = 1;
    while ((uint64_t{2} << bucket_bits) < most) ++bucket_bits;
    shift_ = 64 - bucket_bits;
    const size_t buckets = size_t{1} << bucket_bits;
    next_.assign(buckets + 1, 0);
    if (stored_.size() < most) stored_.resize(most);
    Count(events, partition, window);
    const auto size = static_cast<size_t>(runs_.back().end - stored_.data());
    for (size_t i = 1, sum = 0; i <= buckets; ++i) next_[i] = static_cast<uint32_t>(sum += next_[i]);
    by_user_.resize(size + kAhead);
    uint32_t* const next = next_.data();
    Event* const by_user = by_user_.data();
    InOrderOfRuns([=, shift = shift_](const Event& event) { by_user[next[UserBits(event) >> shift]++] = event; });
    SortSharedBuckets();
    const Event nobodys = size == 0 ? Event{} : OfAnotherUser(by_user[size - 1]);
    std::fill_n(by_user + size, kAhead, nobodys);
    at_ = 0;
  }

  // Those of the next user, ascending by the user's fingerprint; empty: there is no other. Valid until Load(), which
  // comes first.
  absl::Span<const Event> Next() {
    const Event* const begin = by_user_.data() + at_;
    if (at_ + kAhead == by_user_.size()) return {};
    const Event* end = begin + 1;
    const uint64_t user = UserBits(*begin);
    while (UserBits(*end) == user) ++end;
    at_ += static_cast<size_t>(end - begin);
    return absl::MakeConstSpan(begin, end);
  }

 private:
  size_t Bucket(const Event& event) const { return UserBits(event) >> shift_; }

  // More are of a log in no order, where merging would help nobody, or of very many threads.
  static constexpr size_t kMostMerged = 64;

  struct Run {
    const Event* begin;
    const Event* end;
  };

  // Into next_, one bucket further, and runs_, of those that the window holds.
  void Count(const Partitions<Event>& events, uint32_t partition, const TimeWindow& window) {
    uint32_t* const next = next_.data() + 1;
    Event* end = stored_.data();
    runs_ = {{end, end}};
    events.ForEach(partition, [=, this, &end, held = window, shift = shift_](absl::Span<const Event> some) {
      if (end != runs_.back().begin && TimeMs(some.front()) < TimeMs(end[-1])) {
        runs_.back().end = end;
        runs_.push_back({end, end});
      }
      Event* at = end;
      for (const Event& event : some) {
        if (!held.Holds(TimeMs(event))) continue;
        *at++ = event;
        ++next[UserBits(event) >> shift];
      }
      end = at;
    });
    runs_.back().end = end;
    if (runs_.size() > 1 && runs_.back().begin == end) runs_.pop_back();
  }

  // Calls visit(event) for all: where each run ascends by time, so do all together, unless there are too many.
  template <typename Visit>
  void InOrderOfRuns(Visit visit) {
    if (runs_.size() > kMostMerged) runs_ = {{runs_.front().begin, runs_.back().end}};
    while (runs_.size() > 1) {
      std::iter_swap(runs_.begin(), std::min_element(runs_.begin(), runs_.end(), StartsBefore));
      const int64_t others_ms = TimeMs(*std::min_element(runs_.begin() + 1, runs_.end(), StartsBefore)->begin);
      Run& first = runs_.front();
      do {
        visit(*first.begin++);
      } while (first.begin != first.end && TimeMs(*first.begin) <= others_ms);
      if (first.begin == first.end) runs_.erase(runs_.begin());
    }
    for (const Run& run : runs_) std::for_each(run.begin, run.end, visit);
  }
  static bool StartsBefore(const Run& x, const Run& y) { return TimeMs(*x.begin) < TimeMs(*y.begin); }

  // Of a bucket of several users, some event comes after one of a greater user, unless they are in order by chance.
  void SortSharedBuckets() {
    Event* const by_user = by_user_.data();
    const Event* const end = by_user + by_user_.size() - kAhead;
    for (Event* event = by_user; event + 1 < end; ++event) {
      if (UserBits(event[0]) <= UserBits(event[1])) continue;
      const size_t bucket = Bucket(*event);
      Event* const end_of_bucket = by_user + next_[bucket];
      std::sort(by_user + (bucket == 0 ? 0 : next_[bucket - 1]), end_of_bucket,
                [](const Event& x, const Event& y) { return IsBefore(x, y); });
      event = end_of_bucket - 1;
    }
  }

  SpillVector<Event> stored_;   // One thread's after another's, each in order of arrival.
  std::vector<Run> runs_;       // Of stored_, each of one thread: ascending by time where the log is.
  SpillVector<Event> by_user_;  // Ascending, and kAhead of nobody.
  SpillVector<uint32_t> next_;  // By bucket: into by_user_, where its next event goes; in the end, its end.
  int shift_ = 63;              // What is left of UserBits() is the bucket.
  size_t at_ = 0;               // In by_user_: the next user's first.
};

}  // namespace kindred
