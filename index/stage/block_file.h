// What one stage of a build on several machines hands to the next: a file of numbers, texts and arrays.
//
//   "KNDBLOCK" | version:u32 | kind:u32 | payload bytes:u64 | XXH3-64 of the payload:u64 | payload
//   payload: the builder's version as a text, then what its kind says. number: u64; text and array: count:u64, bytes,
//   and zeros up to a multiple of 8.
// Little-endian; arrays hold structs as they lie in memory, because the same program writes and reads them: a block of
// another version or commit is refused. Blocks live as long as a build.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/store/files.h"

struct XXH3_state_s;

namespace kindred {

static_assert(std::endian::native == std::endian::little, "blocks are little-endian");

inline constexpr size_t kBlockAlignment = 8;  // Of arrays.

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
  void Text(absl::string_view text) { Array(absl::MakeConstSpan(text.data(), text.size())); }
  template <typename T>
  void Array(absl::Span<const T> values) {
    BeginArray(values.size());
    Part(values);
    EndArray();
  }
  template <typename T, typename Allocator>
  void Array(const std::vector<T, Allocator>& values) {
    Array(absl::MakeConstSpan(values));
  }
  // One of so many values, which come in parts between these two.
  void BeginArray(uint64_t count) {
    Number(count);
    values_left_ = count;
  }
  template <typename T>
  void Part(absl::Span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    Append(values.data(), values.size() * sizeof(T));
    values_left_ -= values.size();
  }
  void EndArray();  // Fails where the parts had more or fewer.

  // Without it the file is no block. ResourceExhausted: disk full.  Other codes: ErrnoStatus().
  absl::Status Finish();

 private:
  void Append(const void* bytes, size_t size);
  void Flush();
  void WriteOut(absl::string_view bytes);

  const std::string path_;
  const BlockKind kind_;
  FileDescriptor file_;
  absl::Status status_;
  std::string buffer_;
  uint64_t bytes_ = 0;
  uint64_t values_left_ = 0;  // Of an array.
  XXH3_state_s* const checksum_;
};

// Not thread-safe. Reads in the order of writing; the first failure sticks, and what is read after it is empty. The
// file is mapped, so that nothing is copied: nobody may change it, and a disk that cannot read it any more ends the
// process (SIGBUS).
class BlockFileReader {
 public:
  // DataLoss: damaged, or no block of this kind.  FailedPrecondition: another version or commit wrote it.  Other codes:
  // ErrnoStatus(). All name the file.
  static absl::StatusOr<BlockFileReader> Open(const std::string& path, BlockKind kind);

  uint64_t Number();
  absl::string_view Text();  // Valid as long as the reader.
  template <typename T>
  absl::Span<const T> Array() {  // Likewise.
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= kBlockAlignment);
    const absl::string_view bytes = Bytes(Number(), sizeof(T));
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }

  // Keeps an earlier failure.
  void Fail(absl::string_view what);
  const absl::Status& status() const { return status_; }
  // DataLoss: a failure, or bytes are left.
  absl::Status Finish();
  const std::string& path() const { return path_; }

 private:
  BlockFileReader(std::string path, MappedFile file)
      : path_(std::move(path)), file_(std::move(file)), bytes_(file_.bytes()) {}
  absl::Status CheckHeader(BlockKind kind);
  absl::string_view Bytes(uint64_t count, size_t size_of_each);

  std::string path_;
  MappedFile file_;
  absl::string_view bytes_;
  size_t at_ = 0;
  absl::Status status_;
};

}  // namespace kindred
