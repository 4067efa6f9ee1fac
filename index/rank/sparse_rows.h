// Rows of entries, one row an id, in one block of memory (compressed sparse rows), and accumulators to sum such rows.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "common/spill_memory.h"

namespace kindred {

// What all rows take may lie in files: see SpillMemory.
template <typename Entry>
class SparseRows {
 public:
  // `memory`: of the rows, here and below; nullptr: the heap's.
  explicit SparseRows(const std::shared_ptr<SpillMemory>& memory = nullptr)
      : offsets_(1, 0, memory), entries_(memory) {}

  // Rows are appended in order of their ids, from 0.
  template <typename Range>
  void Append(const Range& row) {
    entries_.insert(entries_.end(), row.begin(), row.end());
    offsets_.push_back(entries_.size());
  }
  void AppendAll(const SparseRows& rows) {
    const size_t before = entries_.size();
    entries_.insert(entries_.end(), rows.entries_.begin(), rows.entries_.end());
    for (uint32_t i = 1; i <= rows.rows(); ++i) offsets_.push_back(before + rows.offsets_[i]);
  }
  // The same of entries that `visit` makes one by one: it is called twice with a function put(row, make_entry), and
  // must put the same rows both times. No entry stands in memory twice.
  template <typename Visit>
  static SparseRows Collect(uint32_t rows, Visit visit, const std::shared_ptr<SpillMemory>& memory = nullptr) {
    SparseRows result(memory);
    result.offsets_.assign(size_t{rows} + 2, 0);  // First one place on, so that filling a row moves it to its end.
    visit([&](uint32_t row, const auto&) { ++result.offsets_[size_t{row} + 2]; });
    for (size_t i = 2; i < result.offsets_.size(); ++i) result.offsets_[i] += result.offsets_[i - 1];
    result.entries_.resize(result.offsets_.back());
    visit([&](uint32_t row, const auto& make_entry) {
      result.entries_[result.offsets_[size_t{row} + 1]++] = make_entry();
    });
    result.offsets_.pop_back();
    return result;
  }
  // Leaves of each row what `keep(absl::Span<Entry>)` moves to its front, which returns how many that are.
  template <typename Keep>
  void Trim(Keep keep) {
    size_t end = 0;
    for (uint32_t row = 0; row < rows(); ++row) {
      const absl::Span<Entry> span(entries_.data() + offsets_[row], offsets_[row + 1] - offsets_[row]);
      const size_t kept = keep(span);
      offsets_[row] = end;  // Of the row before, whose end was read.
      std::move(span.begin(), span.begin() + static_cast<std::ptrdiff_t>(kept),
                entries_.begin() + static_cast<std::ptrdiff_t>(end));
      end += kept;
    }
    offsets_.back() = end;
    entries_.resize(end);
    if (entries_.size() < entries_.capacity() / 2) entries_.shrink_to_fit();
  }
  // Values in any order, to rows: stable. Each value says its row and its entry.
  template <typename Values, typename RowOf, typename EntryOf>
  static SparseRows Group(uint32_t rows, const Values& values, RowOf row_of, EntryOf entry_of,
                          const std::shared_ptr<SpillMemory>& memory = nullptr) {
    const auto visit = [&](const auto& put) {
      for (const auto& value : values) put(row_of(value), [&] { return entry_of(value); });
    };
    return Collect(rows, visit, memory);
  }

  size_t bytes() const { return offsets_.capacity() * sizeof(size_t) + entries_.capacity() * sizeof(Entry); }
  uint32_t rows() const { return static_cast<uint32_t>(offsets_.size() - 1); }
  size_t entries() const { return entries_.size(); }
  absl::Span<const Entry> operator[](uint32_t row) const {
    return absl::MakeConstSpan(entries_.data() + offsets_[row], offsets_[row + 1] - offsets_[row]);
  }
  // Asks memory for where a row stands, and for its first entries. The second reads what the first fetched.
  void PrefetchPlace(uint32_t row) const { __builtin_prefetch(&offsets_[row]); }
  void PrefetchRow(uint32_t row) const {
    constexpr size_t kLine = 64, kMost = 16 * kLine;  // The processor itself fetches what follows.
    const absl::Span<const Entry> entries = (*this)[row];
    const char* const first = reinterpret_cast<const char*>(entries.data());
    for (size_t at = 0; at < std::min(entries.size() * sizeof(Entry), kMost); at += kLine)
      __builtin_prefetch(first + at);
  }

 private:
  SpillVector<size_t> offsets_;
  SpillVector<Entry> entries_;
};

// Sums sparse rows into cells by id. The touched cells lie side by side, and clearing them costs nothing: a slot of the
// id points to a cell that is taken for the id's only where the cell says so (Briggs and Torczon's sparse set, 1993).
// REQUIRES of Cell: default-constructible, with a member `uint32_t id`.
template <typename Cell>
class Accumulator {
 public:
  explicit Accumulator(uint32_t ids) : slots_(ids), cells_(1) {}

  // Valid until the next call. Whether the id is untouched is no branch, which could not be foreseen.
  Cell& at(uint32_t id) {
    if (size_ == cells_.size()) cells_.resize(2 * cells_.size());
    const uint32_t slot = std::min(slots_[id], size_);
    const uint32_t is_new = static_cast<uint32_t>(slot == size_) | static_cast<uint32_t>(cells_[slot].id != id);
    cells_[size_] = Cell{};
    cells_[size_].id = id;
    const uint32_t cell = (slot & (is_new - 1)) | (size_ & (0 - is_new));
    slots_[id] = cell;
    size_ += is_new;
    return cells_[cell];
  }
  // nullptr: untouched.
  const Cell* Find(uint32_t id) const {
    const uint32_t slot = slots_[id];
    return slot < size_ && cells_[slot].id == id ? &cells_[slot] : nullptr;
  }
  // In order of first touch.
  absl::Span<const Cell> touched() const { return {cells_.data(), size_}; }
  void Clear() { size_ = 0; }

 private:
  std::vector<uint32_t> slots_;
  std::vector<Cell> cells_;
  uint32_t size_ = 0;  // Of cells_, those that are touched.
};

// The same for a few rows of many ids: cells by a hash of the id, so that all of it stays in the fastest caches.
// REQUIRES of Cell: as above.
template <typename Cell>
class SmallAccumulator {
 public:
  // Forgets all cells and makes room for so many touches, which are all that may follow.
  void Clear(size_t touches) {
    // Few of them taken, so that few are tried in vain.
    const size_t slots = std::bit_ceil(std::max<size_t>(3 * touches, 16));
    if (slots_.size() < slots) slots_.resize(slots);
    if (cells_.size() < touches + 2) cells_.resize(touches + 2);
    std::fill_n(slots_.begin(), slots, 0U);
    shift_ = static_cast<uint32_t>(32 - std::countr_zero(slots));
    mask_ = static_cast<uint32_t>(slots - 1);
    size_ = 0;
  }
  // Touches the cell of each entry's id, and calls add(cell, entry). Whether a cell is new is no branch, nor what ends
  // the search for it: they could not be foreseen.
  template <typename Row, typename IdOf, typename Add>
  void Sum(const Row& row, IdOf id_of, Add add) {
    uint32_t* const slots = slots_.data();
    Cell* const cells = cells_.data();
    const uint32_t shift = shift_, mask = mask_;
    uint32_t size = size_;
    for (const auto& entry : row) {
      const uint32_t id = id_of(entry);
      cells[0].id = id;  // An empty slot's.
      uint32_t i = id * kHash >> shift;
      while (cells[slots[i]].id != id) i = (i + 1) & mask;
      Cell fresh{};
      fresh.id = id;
      cells[size + 1] = fresh;
      const uint32_t is_new = slots[i] == 0 ? 1 : 0;
      const uint32_t cell = slots[i] | ((size + 1) & (0 - is_new));
      slots[i] = cell;
      size += is_new;
      add(cells[cell], entry);
    }
    size_ = size;
  }
  // nullptr: untouched.
  const Cell* Find(uint32_t id) const {
    for (uint32_t i = id * kHash >> shift_; slots_[i] != 0; i = (i + 1) & mask_) {
      if (cells_[slots_[i]].id == id) return &cells_[slots_[i]];
    }
    return nullptr;
  }
  // In order of first touch. Valid until the next Clear().
  absl::Span<const Cell> touched() const { return {cells_.data() + 1, size_}; }

 private:
  static constexpr uint32_t kHash = 0x9E3779B1U;  // Knuth's multiplicative one.

  std::vector<uint32_t> slots_ = std::vector<uint32_t>(16);  // By hash of the id, its cell; 0: none.
  std::vector<Cell> cells_ = std::vector<Cell>(2);           // From the second.
  uint32_t shift_ = 28, mask_ = 15, size_ = 0;
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
