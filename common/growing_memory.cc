#include "common/growing_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <new>

namespace kindred {
namespace {

constexpr size_t kLargePage = size_t{2} << 20;

// Addresses without memory, at a large page's start if they can hold one.
char* Reserve(size_t bytes) {
  const size_t spare = bytes >= kLargePage ? kLargePage : 0;
  void* const reserved = ::mmap(nullptr, bytes + spare, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) throw std::bad_alloc();
  char* const begin = static_cast<char*>(reserved);
  if (spare == 0) return begin;
  const size_t before = -reinterpret_cast<uintptr_t>(begin) % kLargePage;
  if (before > 0) ::munmap(begin, before);
  ::munmap(begin + before + bytes, spare - before);
  return begin + before;
}

}  // namespace

GrowingMemory::~GrowingMemory() {
  if (bytes_ > 0) ::munmap(data_, bytes_);
}

void GrowingMemory::Grow(size_t bytes) {
  const auto page = static_cast<size_t>(::getpagesize());
  const size_t pages = (bytes + page - 1) / page * page;
  if (pages <= bytes_) return;
  // Moved even where it could grow in its place: ThreadSanitizer does not see mremap(), and takes addresses that it did
  // not see mapped for memory of the thread that had them before. Moved and made larger in one call, it stays one
  // mapping: kernels before 6.17 move no two.
  char* const place = Reserve(pages);
  const bool failed = bytes_ == 0 ? ::mprotect(place, pages, PROT_READ | PROT_WRITE) != 0
                                  : ::mremap(data_, bytes_, pages, MREMAP_MAYMOVE | MREMAP_FIXED, place) == MAP_FAILED;
  if (failed) throw std::bad_alloc();  // The addresses are lost: whether they are still free is not known.
  // Where large pages are not taken, all works as well, only slower.
  if (pages >= kLargePage) ::madvise(place, pages, MADV_HUGEPAGE);
  data_ = place;
  bytes_ = pages;
}

}  // namespace kindred
