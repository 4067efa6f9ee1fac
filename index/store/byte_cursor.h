// The primitives of the index format: little-endian numbers and Protobuf's varints, the same on every machine.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "absl/base/attributes.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace kindred {

inline constexpr size_t kMaxVarintBytes = 5;

// Each returns where what it put ends.
template <typename Unsigned>
char* PutFixed(char* out, Unsigned value) {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(out, &value, sizeof(value));
    return out + sizeof(value);
  }
  for (size_t i = 0; i < sizeof(Unsigned); ++i) *out++ = static_cast<char>(value >> (8 * i));
  return out;
}
inline char* PutVarint(char* out, uint32_t value) {
  for (; value >= 0x80; value >>= 7) *out++ = static_cast<char>(value | 0x80);
  *out++ = static_cast<char>(value);
  return out;
}

template <typename Unsigned>
void AppendFixed(std::string& out, Unsigned value) {
  char bytes[sizeof(Unsigned)];
  out.append(bytes, static_cast<size_t>(PutFixed(bytes, value) - bytes));
}
inline void AppendFloat(std::string& out, float value) { AppendFixed(out, std::bit_cast<uint32_t>(value)); }
inline void AppendVarint(std::string& out, uint32_t value) {
  char bytes[kMaxVarintBytes];
  out.append(bytes, static_cast<size_t>(PutVarint(bytes, value) - bytes));
}

// Reads forward over bytes of unknown origin. The first failure sticks: later reads give zeros, and status() tells it,
// so that a decoder checks once. Not thread-safe; the bytes must outlive it.
class ByteCursor {
 public:
  explicit ByteCursor(absl::string_view bytes) : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

  // 0 after a failure.
  size_t remaining() const { return static_cast<size_t>(end_ - at_); }
  bool failed() const { return !status_.ok(); }
  // OK, or DataLoss with the place.
  const absl::Status& status() const { return status_; }

  absl::string_view Bytes(size_t size) {
    if (size > remaining()) {
      FailTruncated();
      return {};
    }
    at_ += size;
    return {at_ - size, size};
  }
  template <typename Unsigned>
  Unsigned Fixed() {
    const absl::string_view bytes = Bytes(sizeof(Unsigned));
    if (bytes.empty()) return 0;
    Unsigned value = 0;
    for (size_t i = 0; i < sizeof(Unsigned); ++i) {  // A number that compilers know, who make one load of it.
      value = static_cast<Unsigned>(value | (static_cast<Unsigned>(static_cast<unsigned char>(bytes[i])) << (8 * i)));
    }
    return value;
  }
  float Float() { return std::bit_cast<float>(Fixed<uint32_t>()); }
  // One number has one encoding: a varint of needless length is damage, as is one above 32 bits.
  uint32_t Varint() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) return static_cast<unsigned char>(*at_++);
    return LongVarint();
  }
  // Keeps an earlier failure.
  void Fail(absl::string_view what) {
    if (status_.ok()) status_ = absl::DataLossError(what);
    end_ = at_;  // Reads ask for nothing else.
  }
  // DataLoss where bytes are left.
  absl::Status Finish() {
    if (remaining() > 0) Fail(absl::StrCat(remaining(), " bytes too many after byte ", at_ - begin_));
    return status_;
  }

 private:
  // Rare, and apart, so that the others are short.
  ABSL_ATTRIBUTE_NOINLINE void FailTruncated() { Fail(absl::StrCat("truncated at byte ", end_ - begin_)); }
  ABSL_ATTRIBUTE_NOINLINE uint32_t LongVarint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      const auto byte = Fixed<uint8_t>();
      value |= uint64_t{byte & 0x7FU} << shift;
      if (byte >= 0x80) continue;
      if (value > UINT32_MAX || (byte == 0 && shift > 0)) break;
      return static_cast<uint32_t>(value);
    }
    Fail(absl::StrCat("bad varint before byte ", at_ - begin_));
    return 0;
  }

  const char* const begin_;
  const char* at_;
  const char* end_;
  absl::Status status_;
};

}  // namespace kindred
