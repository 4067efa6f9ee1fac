#include "index/mine/chunk_pool.h"

#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <new>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/parallel_for.h"
#include "common/status_macros.h"
#include "common/temp_file.h"

namespace kindred {
namespace {

constexpr size_t kSlabBytes = 2 << 20;  // A huge page of x86-64 and of most others.

}  // namespace

ChunkPool::ChunkPool(SpillOptions options)
    : options_(std::move(options)),
      arrays_(std::make_shared<SpillMemory>(SpillMemory::Options{options_.process_budget_bytes, options_.temp_dir})) {}

ChunkPool::~ChunkPool() {
  for (char* slab : slabs_) std::free(slab);
  for (const int file : files_) close(file);
}

void ChunkPool::Trim(uint32_t threads) {
  std::vector<int> unused;
  {
    const absl::MutexLock lock(&mutex_);
    if (!status_.ok() || bytes_in_use_ > 0 || free_offsets_.size() * kChunkBytes < file_bytes_) return;
    for (char* slab : slabs_) std::free(slab);
    slabs_.clear();
    free_.clear();
    unused.swap(files_);
    std::vector<uint64_t>().swap(free_offsets_);
    file_bytes_ = 0;
  }
  ParallelFor(threads, unused.size(), [&](uint32_t /*worker*/, size_t i) { close(unused[i]); });
}

absl::Status ChunkPool::OpenFiles() {
  while (files_.size() < kFiles) {
    ASSIGN_OR_RETURN(const int file, OpenTempFile(options_.temp_dir));
    files_.push_back(file);
  }
  return absl::OkStatus();
}

char* ChunkPool::Take() {
  const absl::MutexLock lock(&mutex_);
  if (free_.empty()) {
    char* slab = static_cast<char*>(std::aligned_alloc(kSlabBytes, kSlabBytes));
    if (slab == nullptr) throw std::bad_alloc();
    // The first slab of a small log is not worth a huge page.
    if (!slabs_.empty()) madvise(slab, kSlabBytes, MADV_HUGEPAGE);
    slabs_.push_back(slab);
    for (size_t at = kSlabBytes; at > 0; at -= kChunkBytes) free_.push_back(slab + at - kChunkBytes);
  }
  char* chunk = free_.back();
  free_.pop_back();
  bytes_in_use_ += kChunkBytes;
  return chunk;
}

void ChunkPool::Give(char* chunk) {
  const absl::MutexLock lock(&mutex_);
  free_.push_back(chunk);
  bytes_in_use_ -= kChunkBytes;
}

bool ChunkPool::full() const {
  const absl::MutexLock lock(&mutex_);
  return bytes_in_use_ >= options_.memory_limit_bytes;
}

std::vector<uint64_t> ChunkPool::Write(absl::Span<char* const> chunks) {
  std::vector<uint64_t> offsets;
  std::vector<int> files;
  bool is_new = false;
  {
    const absl::MutexLock lock(&mutex_);
    if (status_.ok()) status_ = OpenFiles();
    if (!status_.ok()) return std::vector<uint64_t>(chunks.size());
    files = files_;
    bytes_written_ += chunks.size() * kChunkBytes;
    is_new = free_offsets_.size() < chunks.size();
    for (size_t i = 0; is_new && i < kMostWritten; ++i, file_bytes_ += kChunkBytes) {
      (i < chunks.size() ? offsets : free_offsets_).push_back(file_bytes_);
    }
    while (offsets.size() < chunks.size()) {
      offsets.push_back(free_offsets_.back());
      free_offsets_.pop_back();
    }
  }
  size_t written = 0;
  if (is_new) {
    iovec all[kMostWritten];
    for (size_t i = 0; i < chunks.size(); ++i) all[i] = {chunks[i], kChunkBytes};
    const Place place = PlaceOf(offsets.front());
    const ssize_t bytes = pwritev(files[place.file], all, static_cast<int>(chunks.size()), place.offset);
    if (bytes > 0) written = static_cast<size_t>(bytes) / kChunkBytes;
  }
  for (; written < chunks.size(); ++written) {  // Where it wrote less, this tells why.
    const Place place = PlaceOf(offsets[written]);
    if (!WriteOne(files[place.file], chunks[written], place.offset)) break;
  }
  return offsets;
}

bool ChunkPool::WriteOne(int file, const char* chunk, off_t offset) {
  for (size_t done = 0; done < kChunkBytes;) {
    const ssize_t n = pwrite(file, chunk + done, kChunkBytes - done, offset + static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      Fail(TempFileError(errno, "cannot write", options_.temp_dir));
      return false;
    }
    done += static_cast<size_t>(n);
  }
  return true;
}

bool ChunkPool::Read(uint64_t offset, char* chunk) {
  const Place place = PlaceOf(offset);
  int file = -1;
  {
    const absl::MutexLock lock(&mutex_);
    if (!status_.ok()) return false;
    file = files_[place.file];
  }
  for (size_t done = 0; done < kChunkBytes;) {
    const ssize_t n = pread(file, chunk + done, kChunkBytes - done, place.offset + static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      Fail(TempFileError(n == 0 ? EIO : errno, "cannot read", options_.temp_dir));
      return false;
    }
    done += static_cast<size_t>(n);
  }
  return true;
}

void ChunkPool::Free(uint64_t offset) {
  const absl::MutexLock lock(&mutex_);
  free_offsets_.push_back(offset);
}

void ChunkPool::Fail(absl::Status status) {
  const absl::MutexLock lock(&mutex_);
  if (status_.ok()) status_ = std::move(status);
}

absl::Status ChunkPool::status() const {
  {
    const absl::MutexLock lock(&mutex_);
    if (!status_.ok()) return status_;
  }
  return arrays_->status();
}

uint64_t ChunkPool::bytes_written() const {
  const absl::MutexLock lock(&mutex_);
  return bytes_written_ + arrays_->bytes_spilled();
}

}  // namespace kindred
