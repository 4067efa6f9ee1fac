#include "common/spill_memory.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/temp_file.h"

namespace kindred {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kPage = 4096;
// In a millisecond one thread touches 2 MB of new pages of a file, or 10 to 60 MB of pages that the system holds
// already.
constexpr absl::Duration kWatchInterval = absl::Milliseconds(1);
// Of work that asks whether it keeps to the budget, which takes some 9 microseconds. Near the budget it asks sooner:
// what the system holds already was seen to come at half of these bytes a microsecond.
constexpr std::chrono::microseconds kMostWait{200};
constexpr uint64_t kMostBytesPerMicrosecond = 128 << 10;
// After all was taken in vain, so that there is time to work with it.
constexpr std::chrono::milliseconds kPause{5};
constexpr size_t kTakenAtOnce = 2 << 20;  // Whole pages.

// Bytes that the process holds; 0 where the system does not tell. Allocates nothing: the heap may be busy.
uint64_t ResidentBytes() {
  const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  char text[128] = {};
  const ssize_t size = file < 0 ? 0 : ::read(file, text, sizeof(text) - 1);
  if (file >= 0) ::close(file);
  unsigned long long pages = 0;
  if (size <= 0 || std::sscanf(text, "%*u %llu", &pages) != 1) return 0;
  return pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

// A new file of so many bytes, mapped.
absl::StatusOr<void*> MapFile(size_t bytes, const std::string& temp_dir) {
  const absl::StatusOr<int> file = OpenTempFile(temp_dir);
  if (!file.ok()) return file.status();
  int error = 0;
  do {
    error = ::posix_fallocate(*file, 0, static_cast<off_t>(bytes));
  } while (error == EINTR);
  void* memory = MAP_FAILED;
  if (error == 0) {
    memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *file, 0);
    if (memory == MAP_FAILED) error = errno;
    // Else one touch may bring 2 MB, and a thread more in a millisecond than the budget.
    if (error == 0) ::madvise(memory, bytes, MADV_NOHUGEPAGE);
  }
  ::close(*file);  // The mapping keeps it.
  if (error != 0) return TempFileError(error, "cannot write", temp_dir);
  return memory;
}

}  // namespace

SpillMemory::SpillMemory(Options options)
    : options_(std::move(options)),
      least_bytes_(options_.budget_bytes == UINT64_MAX
                       ? SIZE_MAX
                       : std::max<size_t>(kPage, static_cast<size_t>(options_.budget_bytes / 1024))) {}

SpillMemory::~SpillMemory() {
  std::thread watch;
  {
    const absl::MutexLock lock(&mutex_);
    stopped_ = true;
    watch = std::move(watch_);
  }
  if (watch.joinable()) watch.join();
}

void* SpillMemory::TakeLarge(size_t bytes) {
  if (ResidentBytes() + bytes <= options_.budget_bytes / 2) return nullptr;
  const absl::MutexLock lock(&mutex_);
  if (!status_.ok()) return nullptr;
  const absl::StatusOr<void*> memory = MapFile(bytes, options_.temp_dir);
  if (!memory.ok()) {
    status_ = memory.status();
    return nullptr;
  }
  arrays_.emplace(static_cast<char*>(*memory), bytes);
  bytes_spilled_ += bytes;
  is_spilling_.store(true, std::memory_order_relaxed);
  if (!watch_.joinable()) watch_ = std::thread([this] { Watch(); });
  return *memory;
}

bool SpillMemory::GiveLarge(void* memory, size_t bytes) {
  const absl::MutexLock lock(&mutex_);
  if (arrays_.erase(static_cast<char*>(memory)) == 0) return false;
  ::munmap(memory, bytes);
  return true;
}

// In turns over all arrays, under the lock, so that no address is another's meanwhile; most of what is touched again
// and again stays. False: all pages are taken, and the process holds more than `wanted_bytes` all the same.
bool SpillMemory::TakePages(uint64_t wanted_bytes) {
  size_t left = 0;
  for (const auto& [memory, bytes] : arrays_) left += bytes;
  while (ResidentBytes() > wanted_bytes) {
    if (left == 0) return false;
    auto array = arrays_.upper_bound(next_taken_);
    const auto before = array == arrays_.begin() ? arrays_.end() : std::prev(array);
    if (before != arrays_.end() && next_taken_ < before->first + before->second) {
      array = before;
    } else {
      if (array == arrays_.end()) array = arrays_.begin();
      next_taken_ = array->first;
    }
    const size_t bytes = std::min(kTakenAtOnce, static_cast<size_t>(array->first + array->second - next_taken_));
    ::madvise(next_taken_, bytes, MADV_DONTNEED);  // The file keeps what was written.
    next_taken_ += bytes;
    left -= std::min(left, bytes);
  }
  return true;
}

void SpillMemory::KeepTo(uint64_t limit_bytes) {
  if (ResidentBytes() <= limit_bytes || Clock::now() < resting_until_) return;
  if (!TakePages(options_.budget_bytes - options_.budget_bytes / 4)) resting_until_ = Clock::now() + kPause;
}

void SpillMemory::Watch() {
  // An eighth for what is touched until the next look, and another, so that looks that take are few. The heap's free
  // memory is not given back here: that walks over all of the heap, for tenths of a second in which nobody looks.
  const absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stopped_), kWatchInterval)) {
    KeepTo(options_.budget_bytes - options_.budget_bytes / 8);
  }
}

void SpillMemory::TakeBack() {
  thread_local Clock::time_point next_look;  // At any SpillMemory: a build has one.
  const Clock::time_point now = Clock::now();
  if (now < next_look) return;
  const uint64_t held = ResidentBytes();
  if (held <= options_.budget_bytes) {
    const std::chrono::microseconds room((options_.budget_bytes - held) / kMostBytesPerMicrosecond);
    next_look = now + std::min(kMostWait, room);
    return;
  }
  const absl::MutexLock lock(&mutex_);
  KeepTo(options_.budget_bytes);
  next_look = std::min(resting_until_, now + kMostWait);
}

void SpillMemory::TrimHeap() const {
#ifdef __GLIBC__
  if (is_spilling_.load(std::memory_order_relaxed)) ::malloc_trim(0);
#endif
}

absl::Status SpillMemory::status() const {
  const absl::MutexLock lock(&mutex_);
  return status_;
}

uint64_t SpillMemory::bytes_spilled() const {
  const absl::MutexLock lock(&mutex_);
  return bytes_spilled_;
}

}  // namespace kindred
