// Memory for large arrays that together may be more than a process is to hold: within a budget it is the heap's, beyond
// it that of files without a name, mapped. Arrays are read and written alike, wherever they lie. While the process
// holds nearly its budget, pages of these files are taken from it. They come back when they are touched: from the
// system's own cache of files as long as the machine has room for them there, else from disk, and fifteen neighbours
// with each. What the heap holds beyond the budget is not bounded, nor is what all threads touch before a thread that
// takes pages has its turn: work that touches many waits for that itself, see KeepToBudget().
//
// Rejected: reading rows by pread() into scratch memory. It takes ten times as long as touching a page that the system
// holds (22 beside 2.2 ms for 20,000 rows here and there, 2026-11-27), serves arrays only that are written once, from
// front to back, and each reader needs code of its own.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/large_page_allocator.h"

namespace kindred {

// Thread-safe. Lifetime: until the last array is given back.
class SpillMemory {
 public:
  struct Options {
    uint64_t budget_bytes = UINT64_MAX;  // What the process may hold, all in all. UINT64_MAX: no array goes to a file.
    std::string temp_dir = "/tmp";       // Where the files are, which go with the process.
  };

  explicit SpillMemory(Options options);
  ~SpillMemory();
  SpillMemory(const SpillMemory&) = delete;
  SpillMemory& operator=(const SpillMemory&) = delete;

  uint64_t budget_bytes() const { return options_.budget_bytes; }

  // Zeroed memory of a file, at a page's start. nullptr: take the heap's, because the process holds less than half of
  // the budget together with so many bytes, or because the array is too small to be worth a file (less than a
  // thousandth of the budget), or because a file failed, now or before, see status().
  void* Take(size_t bytes) { return bytes < least_bytes_ ? nullptr : TakeLarge(bytes); }
  // Of the same `bytes`. False: Take() did not give this memory.
  bool Give(void* memory, size_t bytes) { return bytes >= least_bytes_ && GiveLarge(memory, bytes); }

  // To be called after each piece of work that touches many pages of arrays, a few megabytes: where the process holds
  // more than its budget, takes pages, but for the 5 ms after none were left to take. Costs nothing where no array ever
  // lay in a file.
  void KeepToBudget() {
    if (is_spilling_.load(std::memory_order_relaxed)) TakeBack();
  }
  // To be called where work ends that leaves much of the heap free in pieces: where an array has lain in a file, memory
  // is short, and they go back to the system.
  void TrimHeap() const;

  // The first failure. All arrays keep what they hold, but since then they are the heap's, beyond the budget: whoever
  // fills them is to give up. The room of a file is set aside when it is made, so that a disk that is full is told
  // here; a disk that cannot read back what it took ends the process (SIGBUS), as does one that goes back on what it
  // set aside.
  //   As TempFileError().
  absl::Status status() const ABSL_LOCKS_EXCLUDED(mutex_);
  uint64_t bytes_spilled() const ABSL_LOCKS_EXCLUDED(mutex_);  // Sizes of all files, over all.

 private:
  void* TakeLarge(size_t bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  bool GiveLarge(void* memory, size_t bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  void TakeBack() ABSL_LOCKS_EXCLUDED(mutex_);
  void Watch() ABSL_LOCKS_EXCLUDED(mutex_);
  void KeepTo(uint64_t limit_bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool TakePages(uint64_t wanted_bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  const size_t least_bytes_;               // Of an array that may be worth a file.
  std::atomic<bool> is_spilling_ = false;  // An array lies in a file, or did.
  mutable absl::Mutex mutex_;
  std::map<char*, size_t> arrays_ ABSL_GUARDED_BY(mutex_);  // Mapped: where, and how many bytes.
  char* next_taken_ ABSL_GUARDED_BY(mutex_) = nullptr;      // Of their pages, those from here on are taken next.
  std::chrono::steady_clock::time_point resting_until_ ABSL_GUARDED_BY(mutex_);  // All were taken in vain.
  uint64_t bytes_spilled_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread watch_ ABSL_GUARDED_BY(mutex_);  // Runs from the first mapped array on.
};

// A standard allocator over it; without any, or where it gives nothing, `Heap`. Owns a share of the memory.
template <typename T, template <typename> typename Heap = std::allocator>
class SpillAllocator {
 public:
  using value_type = T;
  using propagate_on_container_copy_assignment = std::true_type;
  using propagate_on_container_move_assignment = std::true_type;
  using propagate_on_container_swap = std::true_type;
  template <typename U>
  struct rebind {
    using other = SpillAllocator<U, Heap>;
  };

  SpillAllocator() = default;
  SpillAllocator(std::shared_ptr<SpillMemory> memory) : memory_(std::move(memory)) {}  // NOLINT: as of pmr.
  template <typename U>
  SpillAllocator(const SpillAllocator<U, Heap>& other) : memory_(other.memory()) {}  // NOLINT: allocators convert.

  T* allocate(size_t count) {
    void* const memory = memory_ == nullptr ? nullptr : memory_->Take(count * sizeof(T));
    return memory != nullptr ? static_cast<T*>(memory) : Heap<T>().allocate(count);
  }
  void deallocate(T* memory, size_t count) {
    if (memory_ == nullptr || !memory_->Give(memory, count * sizeof(T))) Heap<T>().deallocate(memory, count);
  }
  const std::shared_ptr<SpillMemory>& memory() const { return memory_; }

  friend bool operator==(const SpillAllocator& a, const SpillAllocator& b) { return a.memory_ == b.memory_; }

 private:
  std::shared_ptr<SpillMemory> memory_;
};

// Made without a SpillMemory, an ordinary vector.
template <typename T, template <typename> typename Heap = std::allocator>
using SpillVector = std::vector<T, SpillAllocator<T, Heap>>;
// For tables that are read here and there.
template <typename T>
using LargeSpillVector = SpillVector<T, LargePageAllocator>;

// Calls visit(value) for each, front to back: reading a large array touches pages faster than anything else.
template <typename T, template <typename> typename Heap, typename Visit>
void ForEachInBudget(const SpillVector<T, Heap>& array, Visit visit) {
  constexpr size_t kAtOnce = 16 << 10;
  const std::shared_ptr<SpillMemory> memory = array.get_allocator().memory();
  for (size_t begin = 0, end = 0; begin < array.size(); begin = end) {
    end = std::min(array.size(), begin + kAtOnce);
    for (size_t i = begin; i < end; ++i) visit(array[i]);
    if (memory != nullptr) memory->KeepToBudget();
  }
}

}  // namespace kindred
