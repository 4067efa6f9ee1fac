// Memory for large tables that are read here and there: on large pages where the system gives them, so that most reads
// find their page's address in the processor.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace kindred {

// A standard allocator. Small requests are served as by std::allocator.
template <typename T>
class LargePageAllocator {
 public:
  using value_type = T;

  LargePageAllocator() = default;
  template <typename U>
  LargePageAllocator(const LargePageAllocator<U>& /*other*/) {}  // NOLINT: allocators convert.

  T* allocate(size_t count) {
    const size_t bytes = count * sizeof(T);
    void* const memory = ::operator new(bytes, AlignmentOf(bytes));
    // Advice: where it is not taken, all works as well, only slower.
    if (bytes >= kPage) ::madvise(memory, bytes / kPage * kPage, MADV_HUGEPAGE);
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, size_t count) { ::operator delete(memory, AlignmentOf(count * sizeof(T))); }

  friend bool operator==(const LargePageAllocator& /*a*/, const LargePageAllocator& /*b*/) { return true; }

 private:
  static constexpr size_t kPage = size_t{2} << 20;
  static std::align_val_t AlignmentOf(size_t bytes) {
    return std::align_val_t{bytes >= kPage ? kPage : alignof(std::max_align_t)};
  }
};

template <typename T>
using LargePageVector = std::vector<T, LargePageAllocator<T>>;

}  // namespace kindred
