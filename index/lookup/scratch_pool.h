// Objects that one thread at a time works with, made where none is idle and kept for the next.
#pragma once

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace kindred {

// Thread-safe. Holds as many objects as were ever borrowed at once. Outlives what was borrowed.
template <typename T>
class ScratchPool {
  struct Return {
    ScratchPool* pool;
    void operator()(T* object) const { pool->Keep(std::unique_ptr<T>(object)); }
  };

 public:
  using Borrowed = std::unique_ptr<T, Return>;  // Goes back when destroyed.

  Borrowed Borrow() {
    std::unique_ptr<T> object;
    {
      const absl::MutexLock lock(&mutex_);
      if (!idle_.empty()) {
        object = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (object == nullptr) object = std::make_unique<T>();
    return Borrowed(object.release(), Return{this});
  }

 private:
  void Keep(std::unique_ptr<T> object) {
    const absl::MutexLock lock(&mutex_);
    idle_.push_back(std::move(object));
  }

  absl::Mutex mutex_;
  // The one used last goes first: its memory is warm.
  std::vector<std::unique_ptr<T>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kindred
