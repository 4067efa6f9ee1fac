#include "index/log/gzip_source.h"

#include <zlib.h>

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace kindred {
namespace {

constexpr size_t kInputBytes = 256 << 10;
constexpr int kGzipOnly = 15 + 16;  // windowBits: the largest window, gzip header and trailer.

class GzipSource final : public ByteSource {
 public:
  GzipSource(std::unique_ptr<ByteSource> raw, std::string name)
      : raw_(std::move(raw)), name_(std::move(name)), input_(kInputBytes) {
    healthy_ = ::inflateInit2(&stream_, kGzipOnly) == Z_OK;
  }
  ~GzipSource() override { ::inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  absl::StatusOr<size_t> Read(absl::Span<char> into) override {
    if (!healthy_) return absl::ResourceExhaustedError(absl::StrCat(name_, ": no memory to decompress gzip"));
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(into.size());
    while (stream_.avail_out == into.size()) {
      if (stream_.avail_in == 0) {
        ASSIGN_OR_RETURN(const bool more, Refill());
        if (!more) {
          if (between_members_) return 0;
          return absl::DataLossError(absl::StrCat(name_, ": gzip data is truncated; copy the file again"));
        }
      }
      RETURN_IF_ERROR(Inflate());
    }
    return into.size() - stream_.avail_out;
  }

  uint64_t raw_bytes_read() const override { return raw_->raw_bytes_read(); }

 private:
  absl::StatusOr<bool> Refill() {
    ASSIGN_OR_RETURN(const size_t n, raw_->Read(absl::MakeSpan(input_)));
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(n);
    return n > 0;
  }

  // Tapes and block devices pad with zeros. REQUIRES: between_members_.
  void PassOverPadding() {
    while (stream_.avail_in > 0 && *stream_.next_in == 0) ++stream_.next_in, --stream_.avail_in;
  }

  absl::Status Inflate() {
    if (between_members_) PassOverPadding();
    if (stream_.avail_in == 0) return absl::OkStatus();
    between_members_ = false;
    const int result = ::inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      between_members_ = true;
      ::inflateReset(&stream_);
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      const char* why = stream_.msg != nullptr ? stream_.msg : "not gzip";
      return absl::DataLossError(absl::StrCat(name_, ": gzip data is damaged (", why, "); copy the file again"));
    }
    return absl::OkStatus();
  }

  const std::unique_ptr<ByteSource> raw_;
  const std::string name_;
  std::vector<char> input_;
  z_stream stream_ = {};
  bool healthy_ = false;
  bool between_members_ = false;  // All members so far are complete.
};

}  // namespace

bool IsGzip(absl::string_view first_bytes) { return absl::StartsWith(first_bytes, "\x1f\x8b"); }

std::unique_ptr<ByteSource> NewGzipSource(std::unique_ptr<ByteSource> raw, std::string name) {
  return std::make_unique<GzipSource>(std::move(raw), std::move(name));
}

}  // namespace kindred
