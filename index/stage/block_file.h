// What one stage of a build on several machines hands to the next: a file of numbers, texts and arrays.
//
//   "KNDBLOCK" | version:u32 | kind:u32 | payload bytes:u64 | XXH3-64 of the payload:u64 | payload
//   payload: the builder's version as a text, then what its kind says. number: u64; text and array: count:u64, bytes.
// Little-endian; arrays hold structs as they lie in memory, because the same program writes and reads them: a block of
// another version or commit is refused. Blocks live as long as a build.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/store/files.h"

struct XXH3_state_s;

namespace kindred {

static_assert(std::endian::native == std::endian::little, "blocks are little-endian");

enum class BlockKind : uint32_t { kDictionary = 1, kEvents, kRecords, kUsers, kCounts, kMined, kLists };

// Not thread-safe. The first failure sticks and is told by Finish().
class BlockFileWriter {
 public:
  // Replaces the file.
  BlockFileWriter(const std::string& path, BlockKind kind);
  ~BlockFileWriter();
  BlockFileWriter(const BlockFileWriter&) = delete;
  BlockFileWriter& operator=(const BlockFileWriter&) = delete;

  void Number(uint64_t number) { Append(&number, sizeof(number)); }
  void Text(absl::string_view text) {
    Number(text.size());
    Append(text.data(), text.size());
  }
  template <typename T, typename Allocator>
  void Array(const std::vector<T, Allocator>& values) {
    Number(values.size());
    Part(absl::MakeConstSpan(values));
  }
  // Of an array whose size was given by Number().
  template <typename T>
  void Part(absl::Span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    Append(values.data(), values.size() * sizeof(T));
  }

  // Without it the file is no block. ResourceExhausted: disk full.  Other codes: ErrnoStatus().
  absl::Status Finish();

 private:
  void Append(const void* bytes, size_t size);
  void Flush();

  const std::string path_;
  const BlockKind kind_;
  FileDescriptor file_;
  absl::Status status_;
  std::string buffer_;
  uint64_t bytes_ = 0;
  XXH3_state_s* const checksum_;
};

// Not thread-safe. Reads in the order of writing; the first failure sticks, and what is read after it is empty.
class BlockFileReader {
 public:
  // DataLoss: damaged, or no block of this kind.  FailedPrecondition: another version or commit wrote it.  Other codes:
  // ErrnoStatus(). All name the file.
  static absl::StatusOr<BlockFileReader> Open(const std::string& path, BlockKind kind);

  uint64_t Number();
  absl::string_view Text();  // Valid as long as the reader.
  template <typename T>
  std::vector<T> Array() {
    static_assert(std::is_trivially_copyable_v<T>);
    const uint64_t count = Number();
    const absl::string_view bytes = Bytes(count, sizeof(T));
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }

  // Keeps an earlier failure.
  void Fail(absl::string_view what);
  const absl::Status& status() const { return status_; }
  // DataLoss: a failure, or bytes are left.
  absl::Status Finish();
  const std::string& path() const { return path_; }

 private:
  BlockFileReader(std::string path, std::string bytes) : path_(std::move(path)), bytes_(std::move(bytes)) {}
  absl::Status CheckHeader(BlockKind kind);
  absl::string_view Bytes(uint64_t count, size_t size_of_each);

  std::string path_;
  std::string bytes_;
  size_t at_ = 0;
  absl::Status status_;
};

}  // namespace kindred
