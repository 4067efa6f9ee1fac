#include "index/log/block_buffer.h"

#include <cstring>
#include <utility>

#include "common/status_macros.h"

namespace kindred {
namespace {
constexpr size_t kBlockBytes = 256 << 10;  // Fits the L2 cache.
}  // namespace

BlockBuffer::BlockBuffer(std::unique_ptr<ByteSource> source)
    : source_(std::move(source)),
      block_(std::make_unique_for_overwrite<char[]>(kMaxRecordBytes + 1 + kBlockBytes + kPaddingBytes)),
      begin_(block_.get()),
      end_(block_.get()) {}

absl::StatusOr<bool> BlockBuffer::Fill() {
  const size_t unread = data().size();
  std::memmove(block_.get(), begin_, unread);
  begin_ = block_.get();
  end_ = begin_ + unread;
  ASSIGN_OR_RETURN(const size_t n, source_->Read(absl::MakeSpan(end_, kBlockBytes)));
  end_ += n;
  return n > 0;
}

absl::Status BlockBuffer::FillTo(size_t bytes) {
  while (data().size() < bytes) {
    ASSIGN_OR_RETURN(const bool more, Fill());
    if (!more) break;
  }
  return absl::OkStatus();
}

}  // namespace kindred
