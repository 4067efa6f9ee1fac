#include "index/log/block_reader.h"

#include <algorithm>
#include <cstring>

#include "common/status_macros.h"

namespace kindred {

absl::StatusOr<absl::string_view> BlockReader::Peek(size_t bytes) {
  pending_.erase(0, pending_at_);
  pending_at_ = 0;
  size_t filled = pending_.size();
  if (filled < bytes && !source_ended_) pending_.resize(bytes);  // Once: a pipe may give a byte at a time.
  while (filled < bytes && !source_ended_) {
    const absl::StatusOr<size_t> n = source_->Read(absl::MakeSpan(&pending_[filled], bytes - filled));
    if (!n.ok()) return n.status();
    filled += *n;
    source_ended_ = *n == 0;
  }
  pending_.resize(filled);
  return absl::string_view(pending_).substr(0, bytes);
}

absl::StatusOr<bool> BlockReader::Next(const CutRecords& cut, LogBlock& block) {
  if (passing_over_) RETURN_IF_ERROR(PassOverLine(block));
  passing_over_ = false;
  block.Clear();
  while (true) {
    // Twice as much each time, so that a long record is not looked through again and again.
    RETURN_IF_ERROR(Append(block, std::max(block_bytes_, block.text().size())));
    if (block.text().empty()) return false;
    const RecordCut found = cut(block.text(), source_ended_ && Pending().empty());
    if (found.records_bytes == 0) continue;
    block.SetRecords(found.records_bytes);
    passing_over_ = found.passes_over;
    PutBack(block.text().substr(found.records_bytes));
    return true;
  }
}

// As many bytes, or all to the end.
absl::Status BlockReader::Append(LogBlock& block, size_t bytes) {
  const absl::Span<char> room = block.Room(bytes);
  const absl::string_view pending = Pending().substr(0, bytes);
  if (!pending.empty()) std::memcpy(room.data(), pending.data(), pending.size());
  pending_at_ += pending.size();
  size_t filled = pending.size();
  while (filled < bytes && !source_ended_) {
    ASSIGN_OR_RETURN(const size_t n, source_->Read(room.subspan(filled)));
    filled += n;
    source_ended_ = n == 0;
  }
  block.Grow(filled);
  return absl::OkStatus();
}

absl::Status BlockReader::PassOverLine(LogBlock& scratch) {
  while (true) {
    scratch.Clear();
    RETURN_IF_ERROR(Append(scratch, block_bytes_));
    if (scratch.text().empty()) return absl::OkStatus();
    const size_t newline = scratch.text().find('\n');
    if (newline == absl::string_view::npos) continue;
    PutBack(scratch.text().substr(newline + 1));
    return absl::OkStatus();
  }
}

// The text is the end of what was taken last.
void BlockReader::PutBack(absl::string_view text) {
  if (pending_at_ < pending_.size()) {  // Then all that was taken came from here.
    pending_at_ -= text.size();
  } else {
    pending_.assign(text.data(), text.size());
    pending_at_ = 0;
  }
}

}  // namespace kindred
