// A piece of a log that holds whole records, cut by BlockReader and parsed by a BlockParser.
#pragma once

#include <cstddef>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace kindred {

// The longest line or record that is read, in bytes. Longer ones are bad rows, so that memory is bounded.
inline constexpr size_t kMaxRecordBytes = 1 << 20;

// Not thread-safe. Keeps its memory for the next piece.
class LogBlock {
 public:
  static constexpr size_t kPaddingBytes = 64;

  // The records that begin within the first records_bytes are the block's. What stands behind them is the beginning of
  // the next block, which a CSV record with a stray quote may have to look at. kPaddingBytes behind the text are
  // readable, and are zero.
  absl::string_view text() const { return absl::string_view(bytes_.get(), size_); }
  absl::Span<char> writable() { return absl::MakeSpan(bytes_.get(), size_); }  // For decoding in place.
  size_t records_bytes() const { return records_bytes_; }

  void Clear() { size_ = records_bytes_ = 0; }
  // Room for so many bytes behind the text; then the text grows by those that were written there.
  absl::Span<char> Room(size_t bytes);
  void Grow(size_t bytes);
  void SetRecords(size_t bytes) { records_bytes_ = bytes; }

 private:
  std::unique_ptr<char[]> bytes_;  // Not zeroed: pages that no log fills cost nothing.
  size_t capacity_ = 0;            // Without the padding.
  size_t size_ = 0;
  size_t records_bytes_ = 0;
};

}  // namespace kindred
