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

// Sums sparse rows into cells by id, and remembers which cells were touched. Clearing costs what was touched.
// REQUIRES of Cell: default-constructed means untouched; `bool touched` member.
template <typename Cell>
class Accumulator {
 public:
  explicit Accumulator(uint32_t ids) : cells_(ids) {}

  Cell& at(uint32_t id) {
    Cell& cell = cells_[id];
    if (!cell.touched) {
      cell.touched = true;
      touched_.push_back(id);
    }
    return cell;
  }
  const Cell& operator[](uint32_t id) const { return cells_[id]; }
  // In order of first touch.
  const std::vector<uint32_t>& touched() const { return touched_; }
  void Clear() {
    for (const uint32_t id : touched_) cells_[id] = Cell();
    touched_.clear();
  }

 private:
  std::vector<Cell> cells_;
  std::vector<uint32_t> touched_;
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
