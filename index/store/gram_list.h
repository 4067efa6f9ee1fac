// The documents that hold one gram, read in place from the database's block. Bytes: index/store/FORMAT.md, "gram list".
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/store/norms.h"

namespace kindred {

// Documents are cut into bands of 65,536, so that a posting takes 16 bits.
inline constexpr int kBandBits = 16;
inline constexpr uint32_t kBandDocuments = uint32_t{1} << kBandBits;

// Ascending 16-bit numbers. Not a span: blocks of the database do not align them, and they are little-endian
// everywhere. (By memcpy: GCC makes two loads of two bytes and a shift.)
class LowParts {
 public:
  LowParts() = default;
  // REQUIRES: 2 * size bytes at `bytes`, which outlive this.
  LowParts(const char* bytes, size_t size) : bytes_(reinterpret_cast<const unsigned char*>(bytes)), size_(size) {}

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  uint16_t operator[](size_t i) const {
    uint16_t low = 0;
    std::memcpy(&low, bytes_ + 2 * i, sizeof low);
    return std::endian::native == std::endian::little ? low : __builtin_bswap16(low);
  }
  // By binary search without branches.
  bool Contains(uint16_t low) const;
  // The first position, from `begin` on, of a number that is not below `limit`; size() where there is none, such as for
  // 65,536. Where damaged numbers do not ascend, any position from `begin` to size(). REQUIRES: begin <= size().
  size_t LowerBound(size_t begin, uint32_t limit) const;

 private:
  const unsigned char* bytes_ = nullptr;
  size_t size_ = 0;
};

// Immutable; copies share what they hold; safe to share between threads. Keeps its bytes alive.
class GramList {
 public:
  // Of a gram that no document holds.
  GramList() = default;

  // Documents number * kBandDocuments + low[i].
  struct Band {
    uint32_t number = 0;
    LowParts low;  // Never empty.
  };

  // `owner` keeps `bytes` alive; null: the caller does. `documents` is the market's number of documents.
  //   DataLoss: counts disagree with each other or with the size, bands are not ascending, or one has no document below
  //   `documents`. Low parts are not looked at: that would read every posting. So in a damaged list they may not
  //   ascend, which gives a wrong neighbour but no wrong access, and in the market's last band they may name a document
  //   that is not below `documents`: whoever takes a document from a list compares.
  static absl::StatusOr<GramList> Decode(absl::string_view bytes, std::shared_ptr<const void> owner,
                                         uint32_t documents);

  // Number of documents that hold the gram; the sum of the bands' sizes.
  uint32_t document_frequency() const { return document_frequency_; }
  // Ascending by number; numbers are below ceil(documents / kBandDocuments).
  absl::Span<const Band> bands() const { return bands_; }

 private:
  std::shared_ptr<const void> owner_;  // Of the bands and the bytes.
  absl::Span<const Band> bands_;
  uint32_t document_frequency_ = 0;
};

}  // namespace kindred
