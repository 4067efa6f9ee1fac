// Brings the records of one key together: the counting step of every partition.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/types/span.h"

namespace kindred {

// Keeps its memory between calls. Not thread-safe.
// REQUIRES of Record: trivially copyable, with `uint32_t first_id() const` and `uint32_t second_id() const`: its key.
template <typename Record>
class RecordGroups {
 public:
  // Calls visit(records of one key, in the order of `records`) for each key of at least `min_records` records,
  // ascending by key. Takes 4 bytes for each id between the least first id and the greatest and, where min_records > 1,
  // 8 to 16 bytes a record. Leaves nothing of use in `records`.
  template <typename Visit>
  void ForEach(std::vector<Record>& records, uint32_t min_records, Visit visit) {
    keys_ = 0;
    if (min_records > 1) DropLonely(records);
    if (records.empty()) return;
    SortByFirstId(records);
    for (size_t begin = 0, end = 0; begin < sorted_.size(); begin = end) {
      const uint32_t id = sorted_[begin].first_id();
      for (end = begin + 1; end < sorted_.size() && sorted_[end].first_id() == id;) ++end;
      ForEachSecondId(absl::MakeConstSpan(sorted_).subspan(begin, end - begin), min_records, visit);
    }
  }
  // Distinct ones of the last call, of few records too.
  uint64_t keys() const { return keys_; }

 private:
  struct Slot {
    uint32_t id;
    uint32_t count = 0;  // 0: free.
    uint32_t next = 0;   // Its place in grouped_; 0 where it has too few records.
  };

  // Leaves out most records that are the only ones of their key, without a branch that depends on it: two are met in a
  // table, or one alone. Not inlined, as little else is in a loop's registers then.
  ABSL_ATTRIBUTE_NOINLINE void DropLonely(std::vector<Record>& records) {
    int bits = 4;
    while (records.size() * 8 > size_t{1} << bits) ++bits;
    met_.assign(size_t{1} << bits, 0);
    uint8_t* const table = met_.data();
    const auto met = [=](const Record& record) -> uint8_t& {
      const uint64_t key = uint64_t{record.second_id()} << 32 | record.first_id();
      return table[key * 0x9E3779B97F4A7C15u >> (64 - bits)];
    };
    for (const Record& record : records) {
      uint8_t& times = met(record);
      times = static_cast<uint8_t>(times << 1 | 1);
    }
    Record* kept = records.data();
    for (const Record record : records) {
      *kept = record;
      kept += met(record) > 1;
    }
    const auto size = static_cast<size_t>(kept - records.data());
    keys_ += records.size() - size;
    records.resize(size);
  }

  // By counting.
  ABSL_ATTRIBUTE_NOINLINE void SortByFirstId(absl::Span<const Record> records) {
    uint32_t least = UINT32_MAX, most = 0;
    for (const Record& record : records) {
      least = std::min(least, record.first_id());
      most = std::max(most, record.first_id());
    }
    next_.assign(size_t{most} - least + 2, 0);
    for (const Record& record : records) ++next_[record.first_id() - least + 1];
    for (size_t i = 1; i < next_.size(); ++i) next_[i] += next_[i - 1];
    sorted_.resize(records.size());
    for (const Record& record : records) sorted_[next_[record.first_id() - least]++] = record;
  }

  // Fibonacci hashing (Knuth, volume 3, 6.4): the upper bits are well mixed.
  static uint32_t Scattered(uint32_t id) { return id * 0x9E3779B1u; }

  // By hashing, and a sort of the ids that are left: most keys of a long tail have one record. The records of one first
  // id are few enough for the fastest cache.
  template <typename Visit>
  void ForEachSecondId(absl::Span<const Record> records, uint32_t min_records, Visit visit) {
    if (records.size() == 1) {
      ++keys_;
      if (min_records <= 1) visit(records);
      return;
    }
    Count(records);
    Place(min_records);
    for (size_t i = 0; i < records.size(); ++i) {
      Slot& slot = slots_[slot_of_record_[i]];
      grouped_[slot.next] =
          records[i];  // No branch, which could not be foreseen: those of few records go to the first.
      slot.next += slot.count >= min_records ? 1 : 0;
    }
    size_t begin = 1;
    for (const auto& [id, slot] : kept_) {
      visit(absl::MakeConstSpan(grouped_.data() + begin, slots_[slot].count));
      begin += slots_[slot].count;
    }
  }

  void Count(absl::Span<const Record> records) {
    size_t size = 4;
    while (size * 3 < records.size() * 4) size *= 2;
    slots_.assign(size, {});
    slot_of_record_.resize(records.size());
    const int shift = __builtin_clz(static_cast<uint32_t>(size)) + 1;
    for (size_t i = 0; i < records.size(); ++i) {
      const uint32_t id = records[i].second_id();
      size_t at = Scattered(id) >> shift;
      while (slots_[at].count > 0 && slots_[at].id != id) at = (at + 1) & (size - 1);
      slots_[at].id = id;
      keys_ += slots_[at].count++ == 0;
      slot_of_record_[i] = static_cast<uint32_t>(at);
    }
  }

  void Place(uint32_t min_records) {
    kept_.clear();
    for (size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].count > 0 && slots_[i].count >= min_records) {
        kept_.emplace_back(slots_[i].id, static_cast<uint32_t>(i));
      }
    }
    std::sort(kept_.begin(), kept_.end());
    uint32_t total = 1;
    for (const auto& [id, slot] : kept_) {
      slots_[slot].next = total;
      total += slots_[slot].count;
    }
    grouped_.resize(total);
  }

  std::vector<uint32_t> next_;  // Of each first id, into sorted_.
  std::vector<Record> sorted_;  // By first id.
  std::vector<uint8_t> met_;    // By a hash of the key: 0, 1, or more where it came several times.
  std::vector<Slot> slots_;     // A power of two, for the records of one first id.
  std::vector<uint32_t> slot_of_record_;
  std::vector<std::pair<uint32_t, uint32_t>> kept_;  // Second id and slot.
  std::vector<Record> grouped_;                      // Those of kept_, from the second on.
  uint64_t keys_ = 0;
};

}  // namespace kindred
