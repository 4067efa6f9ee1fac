// Rows of entries, one row an id, in one block of memory (compressed sparse rows), and an accumulator to sum such rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace kindred {

template <typename Entry>
class SparseRows {
 public:
  // Rows are appended in order of their ids, from 0.
  template <typename Range>
  void Append(const Range& row) {
    entries_.insert(entries_.end(), row.begin(), row.end());
    offsets_.push_back(entries_.size());
  }
  // Entries in any order, to rows: stable, by counting. Each value says its row and its entry.
  template <typename Values, typename RowOf, typename EntryOf>
  static SparseRows Group(uint32_t rows, const Values& values, RowOf row_of, EntryOf entry_of) {
    SparseRows result;
    result.offsets_.assign(rows + 1, 0);
    for (const auto& value : values) ++result.offsets_[row_of(value) + 1];
    for (uint32_t i = 0; i < rows; ++i) result.offsets_[i + 1] += result.offsets_[i];
    result.entries_.resize(result.offsets_[rows]);
    std::vector<size_t> next(result.offsets_.begin(), result.offsets_.end() - 1);
    for (const auto& value : values) result.entries_[next[row_of(value)]++] = entry_of(value);
    return result;
  }

  uint32_t rows() const { return static_cast<uint32_t>(offsets_.size() - 1); }
  size_t entries() const { return entries_.size(); }
  absl::Span<const Entry> operator[](uint32_t row) const {
    return absl::MakeConstSpan(entries_.data() + offsets_[row], offsets_[row + 1] - offsets_[row]);
  }

 private:
  std::vector<size_t> offsets_{0};
  std::vector<Entry> entries_;
};

// Sums sparse rows into cells by id. The touched cells lie side by side, and clearing them costs nothing: a slot of the
// id points to a cell that is taken for the id's only where the cell says so (Briggs and Torczon's sparse set, 1993).
// REQUIRES of Cell: default-constructible, with a member `uint32_t id`.
template <typename Cell>
class Accumulator {
 public:
  explicit Accumulator(uint32_t ids) : slots_(ids) {}

  // Valid until the next call for an untouched id.
  Cell& at(uint32_t id) {
    const uint32_t slot = slots_[id];
    if (slot < cells_.size() && cells_[slot].id == id) return cells_[slot];
    slots_[id] = static_cast<uint32_t>(cells_.size());
    cells_.emplace_back().id = id;
    return cells_.back();
  }
  // nullptr: untouched.
  const Cell* Find(uint32_t id) const {
    const uint32_t slot = slots_[id];
    return slot < cells_.size() && cells_[slot].id == id ? &cells_[slot] : nullptr;
  }
  // In order of first touch.
  absl::Span<const Cell> touched() const { return cells_; }
  void Clear() { cells_.clear(); }

 private:
  std::vector<uint32_t> slots_;
  std::vector<Cell> cells_;
};

// Keeps the first `cap` of `row` in the order `before`, itself unordered after; 0: keeps all. True if it cut.
template <typename Entry, typename Before>
bool KeepBest(std::vector<Entry>& row, uint32_t cap, Before before) {
  if (cap == 0 || row.size() <= cap) return false;
  std::nth_element(row.begin(), row.begin() + cap, row.end(), before);
  row.resize(cap);
  return true;
}

}  // namespace kindred
