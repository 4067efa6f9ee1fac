// Cuts the bytes of an input into blocks of whole records. This is the serial part of reading, so that it does as
// little as it can: it reads (and decompresses), and looks for the last record's end.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "index/log/byte_source.h"
#include "index/log/log_block.h"
#include "index/log/record_cut.h"

namespace kindred {

// Not thread-safe. Memory: what was peeked at, or else less than a record.
class BlockReader {
 public:
  // A block has about block_bytes, but at least a record. REQUIRES: block_bytes > 0.
  BlockReader(std::unique_ptr<ByteSource> source, size_t block_bytes)
      : source_(std::move(source)), block_bytes_(block_bytes) {}

  // The next `bytes`, or fewer at the end, without taking them. Valid until the next call of any method.
  // Errors: ByteSource::Read().
  absl::StatusOr<absl::string_view> Peek(size_t bytes);
  // Takes bytes off the front. REQUIRES: they were peeked at.
  void Skip(size_t bytes) { pending_at_ += bytes; }

  // The next block; false, and an empty block, at the end. Errors: ByteSource::Read().
  absl::StatusOr<bool> Next(const CutRecords& cut, LogBlock& block);
  uint64_t raw_bytes_read() const { return source_->raw_bytes_read(); }
  // Those that Next() and Skip() took. REQUIRES: the source is not compressed.
  uint64_t bytes_taken() const { return source_->raw_bytes_read() - Pending().size(); }

 private:
  absl::string_view Pending() const { return absl::string_view(pending_).substr(pending_at_); }
  absl::Status Append(LogBlock& block, size_t bytes);
  absl::Status PassOverLine(LogBlock& scratch);
  void PutBack(absl::string_view text);

  const std::unique_ptr<ByteSource> source_;
  const size_t block_bytes_;
  std::string pending_;  // Read, but from pending_at_ on not yet taken.
  size_t pending_at_ = 0;
  bool source_ended_ = false;
  bool passing_over_ = false;  // The rest of a line that was too long comes next.
};

}  // namespace kindred
