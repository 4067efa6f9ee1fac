// Objects that one thread at a time works with, made where none is idle and kept for the next.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

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
      const std::lock_guard lock(mutex_);
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
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(object));
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> idle_;  // Guarded by mutex_. The last used first: its memory is warm.
};

}  // namespace kindred
