#include "index/log/line_splitter.h"

#include <algorithm>
#include <cstring>

#include "common/status_macros.h"

namespace kindred {

absl::Status PassOverLine(BlockBuffer* buffer) {
  while (true) {
    const absl::Span<char> data = buffer->data();
    const void* newline = data.empty() ? nullptr : std::memchr(data.data(), '\n', data.size());
    if (newline != nullptr) {
      buffer->Take(static_cast<size_t>(static_cast<const char*>(newline) - data.data()) + 1);
      return absl::OkStatus();
    }
    buffer->Take(data.size());
    ASSIGN_OR_RETURN(const bool more, buffer->Fill());
    if (!more) return absl::OkStatus();
  }
}

absl::StatusOr<std::optional<Line>> LineSplitter::Next() {
  if (passing_over_) RETURN_IF_ERROR(PassOverLine(buffer_));
  passing_over_ = false;
  const absl::Span<char> data = buffer_->data();
  const void* newline = data.empty() ? nullptr : std::memchr(data.data(), '\n', data.size());
  if (newline == nullptr) return NextAcrossBlocks();
  const size_t bytes = static_cast<size_t>(static_cast<const char*>(newline) - data.data());
  if (bytes > kMaxRecordBytes) return NextAcrossBlocks();
  return TakeLine(bytes);
}

absl::StatusOr<std::optional<Line>> LineSplitter::NextAcrossBlocks() {
  size_t searched = 0;
  while (true) {
    const absl::Span<char> data = buffer_->data();
    const size_t span = std::min(data.size(), kMaxRecordBytes + 1);
    const void* newline = span == searched ? nullptr : std::memchr(data.data() + searched, '\n', span - searched);
    if (newline != nullptr) return TakeLine(static_cast<size_t>(static_cast<const char*>(newline) - data.data()));
    if (span > kMaxRecordBytes) {
      passing_over_ = true;
      return Line{absl::string_view(data.data(), 256), ++number_, true};
    }
    searched = span;
    ASSIGN_OR_RETURN(const bool more, buffer_->Fill());
    if (more) continue;
    if (buffer_->data().empty()) return std::nullopt;
    const absl::Span<char> rest = buffer_->data();
    buffer_->Take(rest.size());
    absl::string_view text(rest.data(), rest.size());
    if (text.back() == '\r') text.remove_suffix(1);
    return Line{text, ++number_, false};
  }
}

Line LineSplitter::TakeLine(size_t bytes) {
  absl::string_view text(buffer_->data().data(), bytes);
  buffer_->Take(bytes + 1);
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return Line{text, ++number_, false};
}

}  // namespace kindred
