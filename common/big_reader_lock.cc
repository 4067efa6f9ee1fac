#include "common/big_reader_lock.h"

#include <thread>

namespace kindred {

BigReaderLock::Reader* BigReaderLock::NewReader() {
  const absl::MutexLock lock(&mutex_);
  readers_.push_back(std::unique_ptr<Reader>(new Reader(this)));
  return readers_.back().get();
}

void BigReaderLock::Exclude(absl::FunctionRef<void()> write) {
  const absl::MutexLock lock(&mutex_);
  writing_.store(true, std::memory_order_seq_cst);
  for (const auto& reader : readers_) {
    while (reader->reading_.load(std::memory_order_seq_cst)) std::this_thread::yield();
  }
  write();
  writing_.store(false, std::memory_order_release);
}

void BigReaderLock::WaitForWriter() { const absl::MutexLock lock(&mutex_); }

}  // namespace kindred
