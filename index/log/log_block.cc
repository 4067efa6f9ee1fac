#include "index/log/log_block.h"

#include <algorithm>
#include <cstring>

namespace kindred {

absl::Span<char> LogBlock::Room(size_t bytes) {
  if (size_ + bytes > capacity_) {
    const size_t capacity = std::max(size_ + bytes, capacity_ * 2);
    std::unique_ptr<char[]> larger = std::make_unique_for_overwrite<char[]>(capacity + kPaddingBytes);
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }
  return absl::MakeSpan(bytes_.get() + size_, bytes);
}

void LogBlock::Grow(size_t bytes) {
  size_ += bytes;
  std::memset(bytes_.get() + size_, 0, kPaddingBytes);
}

}  // namespace kindred
