// Memory for the records that mining sorts into partitions: chunks of one size, in memory up to a limit and beyond it
// in files: several, because a file is written by one thread at a time.
//
// Small chunks that are used again and again cost less than their bytes say: the first touch of fresh memory is the
// slowest thing that counting does.
//
// Beside them, memory for what is counted and ranked from: arrays of any size (common/spill_memory.h).
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "common/spill_memory.h"

namespace kindred {

struct SpillOptions {
  size_t memory_limit_bytes = SIZE_MAX;        // Of chunks held in memory.
  std::string temp_dir = "/tmp";               // Where the files are, which have no name and go with the process.
  uint64_t process_budget_bytes = UINT64_MAX;  // Of the process, with all that it holds: arrays beyond go to files.
};

// Thread-safe.
class ChunkPool {
 public:
  static constexpr size_t kChunkBytes = 16 << 10;
  // Chunks written at a time: the system takes new pages in one go then.
  static constexpr size_t kMostWritten = 16;

  explicit ChunkPool(SpillOptions options);
  ~ChunkPool();
  ChunkPool(const ChunkPool&) = delete;
  ChunkPool& operator=(const ChunkPool&) = delete;

  // Gives memory and files back to the system where no chunk is in use and nothing failed; on so many threads, because
  // files of hundreds of megabytes take a twentieth of a second. Otherwise they are kept for the next Take() and
  // Write(). REQUIRES: threads >= 1.
  void Trim(uint32_t threads) ABSL_LOCKS_EXCLUDED(mutex_);

  // A chunk of unspecified content, to be given back.
  char* Take() ABSL_LOCKS_EXCLUDED(mutex_);
  void Give(char* chunk) ABSL_LOCKS_EXCLUDED(mutex_);
  size_t memory_limit_bytes() const { return options_.memory_limit_bytes; }
  // Whether a full chunk should go to a file rather than stay.
  bool full() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Writes chunks to a file and tells where each is. A failure is kept, see status(), and the content is lost.
  // REQUIRES: 1 <= chunks.size() <= kMostWritten.
  std::vector<uint64_t> Write(absl::Span<char* const> chunks) ABSL_LOCKS_EXCLUDED(mutex_);
  // Reads one back into `chunk`. False: this or an earlier call failed, and the content is unspecified.
  bool Read(uint64_t offset, char* chunk) ABSL_LOCKS_EXCLUDED(mutex_);
  // That place may be used again.
  void Free(uint64_t offset) ABSL_LOCKS_EXCLUDED(mutex_);

  // For arrays. Not nullptr.
  const std::shared_ptr<SpillMemory>& arrays() const { return arrays_; }

  // The first failure, of chunks or of arrays: every record that was read since is suspect.
  //   As TempFileError().
  absl::Status status() const ABSL_LOCKS_EXCLUDED(mutex_);
  uint64_t bytes_written() const ABSL_LOCKS_EXCLUDED(mutex_);  // To files, over all.

 private:
  static constexpr uint64_t kFiles = 4;

  // Where a chunk of an offset over all files is: they take turns, so many chunks at a time.
  struct Place {
    size_t file;
    off_t offset;
  };
  static Place PlaceOf(uint64_t offset) {
    constexpr uint64_t kTurnBytes = kMostWritten * kChunkBytes;
    const uint64_t turn = offset / kTurnBytes;
    return {turn % kFiles, static_cast<off_t>(turn / kFiles * kTurnBytes + offset % kTurnBytes)};
  }
  absl::Status OpenFiles() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // False: it failed.
  bool WriteOne(int file, const char* chunk, off_t offset) ABSL_LOCKS_EXCLUDED(mutex_);
  void Fail(absl::Status status) ABSL_LOCKS_EXCLUDED(mutex_);

  const SpillOptions options_;
  const std::shared_ptr<SpillMemory> arrays_;
  mutable absl::Mutex mutex_;
  std::vector<char*> slabs_ ABSL_GUARDED_BY(mutex_);  // Many chunks each.
  std::vector<char*> free_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_in_use_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<int> files_ ABSL_GUARDED_BY(mutex_);  // kFiles, or none yet.
  std::vector<uint64_t> free_offsets_ ABSL_GUARDED_BY(mutex_);
  uint64_t file_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // Of all.
  uint64_t bytes_written_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kindred
