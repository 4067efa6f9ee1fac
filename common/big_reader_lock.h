// A lock for what threads read all the time and write next to never.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"

namespace kindred {

// Readers do not write to a place that others read or write, each has its own: to lock costs one some nanoseconds,
// however many there are. A writer asks each. It goes before readers that have yet to lock.
class BigReaderLock {
 public:
  // One thread's. Not thread-safe.
  class Reader {
   public:
    // REQUIRES: it is not locked.
    void Lock() {
      while (true) {
        // Either the writer sees this, or the reader sees the writer: both store before they load, in one total order.
        reading_.store(true, std::memory_order_seq_cst);
        if (!lock_->writing_.load(std::memory_order_seq_cst)) return;
        Unlock();
        lock_->WaitForWriter();
      }
    }
    void Unlock() { reading_.store(false, std::memory_order_release); }

   private:
    friend class BigReaderLock;
    explicit Reader(BigReaderLock* lock) : lock_(lock) {}

    alignas(64) std::atomic<bool> reading_{false};
    BigReaderLock* const lock_;
  };

  BigReaderLock() = default;
  BigReaderLock(const BigReaderLock&) = delete;
  BigReaderLock& operator=(const BigReaderLock&) = delete;

  // Thread-safe. Valid as long as the lock.
  Reader* NewReader() ABSL_LOCKS_EXCLUDED(mutex_);
  // Calls `write` while no reader holds the lock. Thread-safe. REQUIRES: the thread's own reader does not hold it.
  void Exclude(absl::FunctionRef<void()> write) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void WaitForWriter() ABSL_LOCKS_EXCLUDED(mutex_);

  std::atomic<bool> writing_{false};
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Reader>> readers_ ABSL_GUARDED_BY(mutex_);
};

// Holds a reader's lock as long as it lives.
class ReadingLock {
 public:
  explicit ReadingLock(BigReaderLock::Reader* reader) : reader_(reader) { reader_->Lock(); }
  ~ReadingLock() { reader_->Unlock(); }
  ReadingLock(const ReadingLock&) = delete;
  ReadingLock& operator=(const ReadingLock&) = delete;

 private:
  BigReaderLock::Reader* const reader_;
};

}  // namespace kindred
