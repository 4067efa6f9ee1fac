#include "index/log/zstd_source.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace kindred {
namespace {

struct FreeStream {
  void operator()(ZSTD_DStream* stream) const { ::ZSTD_freeDStream(stream); }
};

class ZstdSource final : public ByteSource {
 public:
  ZstdSource(std::unique_ptr<ByteSource> raw, std::string name)
      : raw_(std::move(raw)), name_(std::move(name)), stream_(::ZSTD_createDStream()), input_(::ZSTD_DStreamInSize()) {}

  absl::StatusOr<size_t> Read(absl::Span<char> into) override {
    if (stream_ == nullptr) return absl::ResourceExhaustedError(absl::StrCat(name_, ": no memory to decompress zstd"));
    ZSTD_outBuffer out = {into.data(), into.size(), 0};
    while (out.pos == 0) {
      // Bytes may still wait inside the stream when all input is taken, so that the end is where nothing comes out any
      // more.
      if (in_.pos == in_.size) {
        ASSIGN_OR_RETURN(const size_t n, raw_->Read(absl::MakeSpan(input_)));
        in_ = {input_.data(), n, 0};
        if (n == 0 && between_frames_) return 0;
      }
      const bool at_end = in_.size == 0;
      const size_t result = ::ZSTD_decompressStream(stream_.get(), &out, &in_);
      if (::ZSTD_isError(result)) return Failure(result);
      between_frames_ = result == 0;
      if (at_end && out.pos == 0 && !between_frames_) {
        return absl::DataLossError(absl::StrCat(name_, ": zstd data is truncated; copy the file again"));
      }
    }
    return out.pos;
  }

  uint64_t raw_bytes_read() const override { return raw_->raw_bytes_read(); }

 private:
  absl::Status Failure(size_t result) const {
    // The library's own limit, which bounds the memory that a few bytes of input can ask for.
    if (::ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge) {
      return absl::InvalidArgumentError(absl::StrCat(name_,
                                                     ": zstd window is over 128 MiB; decompress it and pipe it in: "
                                                     "zstd -dc --long=31 FILE | ... --input -"));
    }
    return absl::DataLossError(
        absl::StrCat(name_, ": zstd data is damaged (", ::ZSTD_getErrorName(result), "); copy the file again"));
  }

  const std::unique_ptr<ByteSource> raw_;
  const std::string name_;
  const std::unique_ptr<ZSTD_DStream, FreeStream> stream_;
  std::vector<char> input_;
  ZSTD_inBuffer in_ = {nullptr, 0, 0};
  bool between_frames_ = false;  // All frames so far are complete.
};

}  // namespace

bool IsZstd(absl::string_view first_bytes) {
  if (absl::StartsWith(first_bytes, "\x28\xB5\x2F\xFD")) return true;
  return first_bytes.size() >= 4 && (first_bytes[0] & 0xF0) == 0x50 && first_bytes.substr(1, 3) == "\x2A\x4D\x18";
}

std::unique_ptr<ByteSource> NewZstdSource(std::unique_ptr<ByteSource> raw, std::string name) {
  return std::make_unique<ZstdSource>(std::move(raw), std::move(name));
}

}  // namespace kindred
