#include "index/log/byte_source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/log/gzip_source.h"
#include "index/log/zstd_source.h"

namespace kindred {
namespace {

constexpr size_t kMagicBytes = 6;

// The bytes of a file descriptor as they are. The first few can be looked at before they are read.
class FileSource final : public ByteSource {
 public:
  FileSource(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  ~FileSource() override {
    if (fd_ != STDIN_FILENO) ::close(fd_);
  }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  // The first kMagicBytes, or fewer at the end of the file. Once, before Read().
  absl::StatusOr<absl::string_view> Peek() {
    char bytes[kMagicBytes];
    while (head_.size() < kMagicBytes) {  // A pipe gives as little as it likes.
      ASSIGN_OR_RETURN(const size_t n, ReadFd(absl::MakeSpan(bytes, kMagicBytes - head_.size())));
      if (n == 0) break;
      head_.append(bytes, n);
    }
    return head_;
  }

  absl::StatusOr<size_t> Read(absl::Span<char> into) override {
    if (head_.empty()) return ReadFd(into);
    const size_t n = std::min(head_.size(), into.size());
    std::memcpy(into.data(), head_.data(), n);
    head_.erase(0, n);
    return n;
  }

  uint64_t raw_bytes_read() const override { return bytes_read_; }

 private:
  absl::StatusOr<size_t> ReadFd(absl::Span<char> into) {
    ssize_t n;
    do {
      n = ::read(fd_, into.data(), into.size());
    } while (n < 0 && errno == EINTR);
    if (n < 0) return absl::ErrnoToStatus(errno, absl::StrCat(name_, ": cannot read"));
    bytes_read_ += static_cast<uint64_t>(n);
    return static_cast<size_t>(n);
  }

  const int fd_;
  const std::string name_;
  std::string head_;
  uint64_t bytes_read_ = 0;
};

absl::StatusOr<std::unique_ptr<FileSource>> OpenFile(const std::string& path) {
  if (path == "-") return std::make_unique<FileSource>(STDIN_FILENO, InputName(path));
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat(path, ": cannot open the log"));
  auto source = std::make_unique<FileSource>(fd, path);
  struct stat info;
  if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": is a folder; name the log files in it"));
  }
  return source;
}

// Formats that are met in the field and not read here, with what to do about them.
absl::Status RefuseForeign(absl::string_view magic, const std::string& name) {
  struct Foreign {
    absl::string_view magic, what, remedy;
  };
  static constexpr absl::string_view kPipe = "decompress it and pipe it in: --input -";
  static const Foreign kForeign[] = {
      {"PAR1", "a Parquet file", "let a tool turn it into CSV and pipe it in: --format csv --input -"},
      {"BZh", "compressed by bzip2", kPipe},
      {"\xFD"
       "7zXZ",
       "compressed by xz", kPipe},
      {"PK\x03\x04", "a zip archive", kPipe},
      {"\xFF\xFE", "UTF-16", "convert it to UTF-8"},
      {"\xFE\xFF", "UTF-16", "convert it to UTF-8"},
  };
  for (const Foreign& foreign : kForeign) {
    if (absl::StartsWith(magic, foreign.magic)) {
      return absl::InvalidArgumentError(absl::StrCat(name, ": is ", foreign.what, "; ", foreign.remedy));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenByteSource(const std::string& path) {
  const std::string name = InputName(path);
  ASSIGN_OR_RETURN(std::unique_ptr<FileSource> file, OpenFile(path));
  ASSIGN_OR_RETURN(const absl::string_view magic, file->Peek());
  RETURN_IF_ERROR(RefuseForeign(magic, name));
  if (IsGzip(magic)) return NewGzipSource(std::move(file), name);
  if (IsZstd(magic)) return NewZstdSource(std::move(file), name);
  return file;
}

std::string InputName(const std::string& path) { return path == "-" ? "standard input" : path; }

std::optional<uint64_t> InputSize(const std::string& path) {
  struct stat info;
  if (path == "-" || ::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return static_cast<uint64_t>(info.st_size);
}

}  // namespace kindred
