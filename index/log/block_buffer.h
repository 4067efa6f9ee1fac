// A window on a byte source: what is read and not yet taken, in one piece, with the padding that simdjson wants behind
// it.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "index/log/byte_source.h"

namespace kindred {

// The longest line or record that is read, in bytes. Longer ones are bad rows, so that memory is bounded.
inline constexpr size_t kMaxRecordBytes = 1 << 20;

// Not thread-safe. Memory: about 2 MiB.
class BlockBuffer {
 public:
  static constexpr size_t kPaddingBytes = 64;

  explicit BlockBuffer(std::unique_ptr<ByteSource> source);

  // Unread bytes; the owner may change them. Valid until Fill(). kPaddingBytes behind them are readable.
  absl::Span<char> data() const { return absl::MakeSpan(begin_, end_); }
  void Take(size_t bytes) { begin_ += bytes; }

  // Reads at least one more byte behind data(), which may move; false at the end of the source.
  // REQUIRES: data().size() <= kMaxRecordBytes + 1.
  absl::StatusOr<bool> Fill();
  // Fills until data() holds `bytes` or the source ends. REQUIRES: bytes <= kMaxRecordBytes.
  absl::Status FillTo(size_t bytes);
  uint64_t raw_bytes_read() const { return source_->raw_bytes_read(); }

 private:
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<char[]> block_;  // Not zeroed: pages that no log fills cost nothing.
  char* begin_;
  char* end_;
};

}  // namespace kindred
