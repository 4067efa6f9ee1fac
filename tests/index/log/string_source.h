// Bytes of a test as a log's bytes, as many at a time as the test likes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "index/log/byte_source.h"

namespace kindred::testing {

class StringSource final : public ByteSource {
 public:
  explicit StringSource(std::string bytes, size_t bytes_a_read = std::string::npos)
      : bytes_(std::move(bytes)), bytes_a_read_(bytes_a_read) {}

  absl::StatusOr<size_t> Read(absl::Span<char> into) override {
    const size_t n = std::min({into.size(), bytes_a_read_, bytes_.size() - at_});
    std::memcpy(into.data(), bytes_.data() + at_, n);
    at_ += n;
    return n;
  }
  uint64_t raw_bytes_read() const override { return at_; }

 private:
  const std::string bytes_;
  const size_t bytes_a_read_;
  size_t at_ = 0;
};

inline std::unique_ptr<ByteSource> NewStringSource(std::string bytes, size_t bytes_a_read = std::string::npos) {
  return std::make_unique<StringSource>(std::move(bytes), bytes_a_read);
}

// Text that a compressor finds something in.
inline std::string SomeText(size_t bytes) {
  std::string text;
  for (uint32_t i = 0; text.size() < bytes; ++i) absl::StrAppend(&text, i * i % 1009, " ");
  text.resize(bytes);
  return text;
}

// All bytes of a source, or its error.
inline absl::StatusOr<std::string> ReadAll(ByteSource& source, size_t bytes_a_read = 1000) {
  std::string all, piece(bytes_a_read, '\0');
  while (true) {
    const absl::StatusOr<size_t> n = source.Read(absl::MakeSpan(piece));
    if (!n.ok()) return n.status();
    if (*n == 0) return all;
    all.append(piece, 0, *n);
  }
}

}  // namespace kindred::testing
