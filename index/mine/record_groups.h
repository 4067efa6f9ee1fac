// Brings the records of one key together: the counting step of every partition.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"

namespace kindred {

// Keeps its memory between calls. Not thread-safe.
// REQUIRES of Record: trivially copyable, with `uint64_t key() const`.
template <typename Record>
class RecordGroups {
 public:
  // Calls visit(records of one key, in the order of `records`) for each key of at least `min_records` records,
  // ascending by key. By hashing, and a sort of the keys that are left: most keys of a long tail have one record.
  template <typename Visit>
  void ForEach(absl::Span<const Record> records, uint32_t min_records, Visit visit) {
    Count(records);
    Place(min_records);
    grouped_.resize(total_);
    for (size_t i = 0; i < records.size(); ++i) {
      Slot& slot = slots_[slot_of_record_[i]];
      if (slot.count >= min_records) grouped_[slot.next++] = records[i];
    }
    size_t begin = 0;
    for (const auto& [key, slot] : kept_) {
      visit(absl::MakeConstSpan(grouped_.data() + begin, slots_[slot].count));
      begin += slots_[slot].count;
    }
  }
  // Distinct ones of the last call, of few records too.
  uint64_t keys() const { return keys_; }

 private:
  struct Slot {
    uint64_t key;
    uint32_t count = 0;  // 0: free.
    uint32_t next;
  };

  void Count(absl::Span<const Record> records) {
    size_t size = 64;
    while (size * 3 < records.size() * 4) size *= 2;
    slots_.assign(size, {});
    slot_of_record_.resize(records.size());
    const int shift = __builtin_clzll(size) + 1;
    for (size_t i = 0; i < records.size(); ++i) {
      const uint64_t key = records[i].key();
      size_t at = (key * 0x9E3779B97F4A7C15u) >> shift;  // Fibonacci hashing (Knuth, volume 3, 6.4).
      while (slots_[at].count > 0 && slots_[at].key != key) at = (at + 1) & (size - 1);
      slots_[at].key = key;
      ++slots_[at].count;
      slot_of_record_[i] = static_cast<uint32_t>(at);
    }
  }

  void Place(uint32_t min_records) {
    kept_.clear();
    keys_ = 0;
    for (size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].count == 0) continue;
      ++keys_;
      if (slots_[i].count >= min_records) kept_.emplace_back(slots_[i].key, static_cast<uint32_t>(i));
    }
    std::sort(kept_.begin(), kept_.end());
    total_ = 0;
    for (const auto& [key, slot] : kept_) {
      slots_[slot].next = static_cast<uint32_t>(total_);
      total_ += slots_[slot].count;
    }
  }

  std::vector<Slot> slots_;  // A power of two.
  std::vector<uint32_t> slot_of_record_;
  std::vector<std::pair<uint64_t, uint32_t>> kept_;  // Key and slot.
  std::vector<Record> grouped_;
  size_t total_ = 0;
  uint64_t keys_ = 0;
};

}  // namespace kindred
