// Cuts a log into lines.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/log/block_buffer.h"

namespace kindred {

struct Line {
  absl::string_view text;  // Without its end, "\n" or "\r\n". Where too_long: the line's first bytes.
  uint64_t number = 0;     // From 1.
  bool too_long = false;   // Over kMaxRecordBytes; the rest is passed over.
};

// Takes the rest of the current line, however long it is, with its end. Errors: ByteSource::Read().
absl::Status PassOverLine(BlockBuffer* buffer);

// Not thread-safe. The buffer must outlive it.
class LineSplitter {
 public:
  explicit LineSplitter(BlockBuffer* buffer) : buffer_(buffer) {}

  // The next line, or nullopt at the end; a last line needs no end. The text is valid until the next call, and
  // BlockBuffer::kPaddingBytes behind it are readable. Errors: ByteSource::Read().
  absl::StatusOr<std::optional<Line>> Next();

 private:
  absl::StatusOr<std::optional<Line>> NextAcrossBlocks();
  Line TakeLine(size_t bytes);

  BlockBuffer* const buffer_;
  uint64_t number_ = 0;
  bool passing_over_ = false;  // The rest of a line that was too long comes next.
};

}  // namespace kindred
