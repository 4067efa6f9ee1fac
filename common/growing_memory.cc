#include "common/growing_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <new>

namespace kindred {
namespace {

constexpr size_t kLargePage = size_t{2} << 20;

char* Map(size_t bytes, int protection, int flags) {
  void* const mapped = ::mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  return static_cast<char*>(mapped);
}

// `bytes` at a large page's start: first the `held` ones at `data`, which are moved there, then zeros.
char* MapAligned(char* data, size_t held, size_t bytes) {
  char* const begin = Map(bytes + kLargePage, PROT_NONE, MAP_NORESERVE);  // Addresses, no memory.
  const size_t before = -reinterpret_cast<uintptr_t>(begin) % kLargePage;
  char* const aligned = begin + before;
  if (before > 0) ::munmap(begin, before);
  ::munmap(aligned + bytes, kLargePage - before);
  // Moved and made larger in one call, it stays one mapping: kernels before 6.17 move no two.
  const bool failed = held == 0 ? ::mprotect(aligned, bytes, PROT_READ | PROT_WRITE) != 0
                                : ::mremap(data, held, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, aligned) == MAP_FAILED;
  if (failed) throw std::bad_alloc();        // The addresses are lost: whether they are still free is not known.
  ::madvise(aligned, bytes, MADV_HUGEPAGE);  // Where it is not taken, all works as well, only slower.
  return aligned;
}

}  // namespace

GrowingMemory::~GrowingMemory() {
  if (bytes_ > 0) ::munmap(data_, bytes_);
}

void GrowingMemory::Grow(size_t bytes) {
  const auto page = static_cast<size_t>(::getpagesize());
  const size_t pages = (bytes + page - 1) / page * page;
  if (pages <= bytes_) return;
  if (pages >= kLargePage) {
    data_ = MapAligned(data_, bytes_, pages);
  } else if (data_ == nullptr) {
    data_ = Map(pages, PROT_READ | PROT_WRITE, 0);
  } else {
    void* const moved = ::mremap(data_, bytes_, pages, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) throw std::bad_alloc();
    data_ = static_cast<char*>(moved);
  }
  bytes_ = pages;
}

}  // namespace kindred
