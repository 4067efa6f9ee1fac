#include "index/log/line_range.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace kindred {
namespace {

class LineRange final : public ByteSource {
 public:
  LineRange(int fd, std::string path, const ByteRange& range)
      : fd_(fd), path_(std::move(path)), end_(range.end), at_(range.begin) {}
  ~LineRange() override { ::close(fd_); }
  LineRange(const LineRange&) = delete;
  LineRange& operator=(const LineRange&) = delete;

  // Passes over the line that the byte before the range belongs to.
  absl::Status FindFirstLine() {
    --at_;
    char bytes[64 << 10];
    while (true) {
      ASSIGN_OR_RETURN(const size_t n, ReadAt(absl::MakeSpan(bytes)));
      if (n == 0) return absl::OkStatus();
      const void* newline = std::memchr(bytes, '\n', n);
      if (newline == nullptr) {
        at_ += n;
        continue;
      }
      at_ += static_cast<const char*>(newline) - bytes + 1;
      return absl::OkStatus();
    }
  }

  absl::StatusOr<size_t> Read(absl::Span<char> into) override {
    if (ended_ || at_ >= end_) return 0;
    ASSIGN_OR_RETURN(size_t n, ReadAt(into));
    // The last line is the one that holds the range's last byte.
    const uint64_t last = std::max(at_, end_ - 1) - at_;
    if (last < n) {
      const void* newline = std::memchr(into.data() + last, '\n', n - last);
      if (newline != nullptr) n = static_cast<const char*>(newline) - into.data() + 1;
      ended_ = newline != nullptr;
    }
    at_ += n;
    // Behind the range until the line is over.
    if (!ended_ && at_ >= end_) end_ = at_ + 1;
    return n;
  }

  uint64_t raw_bytes_read() const override { return bytes_read_; }

 private:
  absl::StatusOr<size_t> ReadAt(absl::Span<char> into) {
    ssize_t n;
    do {
      n = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(at_));
    } while (n < 0 && errno == EINTR);
    if (n < 0) return absl::ErrnoToStatus(errno, absl::StrCat(path_, ": cannot read"));
    bytes_read_ += static_cast<uint64_t>(n);
    return static_cast<size_t>(n);
  }

  const int fd_;
  const std::string path_;
  uint64_t end_, at_;
  uint64_t bytes_read_ = 0;
  bool ended_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenLineRange(const std::string& path, const ByteRange& range,
                                                          bool begins_line) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat(path, ": cannot open the log"));
  auto source = std::make_unique<LineRange>(fd, path, range);
  if (!begins_line && range.begin > 0) RETURN_IF_ERROR(source->FindFirstLine());
  return source;
}

}  // namespace kindred
