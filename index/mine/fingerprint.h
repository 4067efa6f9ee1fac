// Strings by 95 bits of their hash: two of ten million strings are taken for one with a probability of 1 in 10^15, and
// no string is kept or compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/growing_memory.h"

#define XXH_INLINE_ALL  // Most texts are shorter than a call is worth.
#include <xxhash.h>

namespace kindred {

struct Fingerprint {
  uint64_t low;
  uint32_t high;

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
  friend bool operator<(const Fingerprint& x, const Fingerprint& y) {
    return std::tie(x.low, x.high) < std::tie(y.low, y.high);
  }
};

// XXH3 of 128 bits, the same on every machine.
inline Fingerprint FingerprintOf(absl::string_view text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return {hash.low64, static_cast<uint32_t>(hash.high64)};
}

// Numbers by fingerprint, in 32 to 64 bytes each. Look-ups in a table that is fuller probe further: up to 7/8 of it
// taken, instead of half, `mine` took a sixteenth longer (10 million rows, 2026-11-28). Not thread-safe.
class FingerprintTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  FingerprintTable() { slots_.GrowTo(256); }

  // Brings the fingerprint's slot into the cache.
  void Prefetch(const Fingerprint& fingerprint) const { __builtin_prefetch(&slots_[fingerprint.low & Mask()]); }
  // The number that was set; kNone where none was.
  uint32_t Find(const Fingerprint& fingerprint) const {
    for (size_t i = fingerprint.low & Mask(); slots_[i].used(); i = (i + 1) & Mask()) {
      if (slots_[i].IsOf(fingerprint)) return slots_[i].value;
    }
    return kNone;
  }
  // The number that was set; kNone where none was. Valid until the next call.
  uint32_t& operator[](const Fingerprint& fingerprint) {
    if (size_ * 2 >= slots_.size()) Grow();
    for (size_t i = fingerprint.low & Mask();; i = (i + 1) & Mask()) {
      Slot& slot = slots_[i];
      if (!slot.used()) {
        slot.fingerprint_low = fingerprint.low;
        slot.fingerprint_high = fingerprint.high | 1;
        slot.value = kNone;
        ++size_;
        return slot.value;
      }
      if (slot.IsOf(fingerprint)) return slot.value;
    }
  }
  size_t size() const { return size_; }

 private:
  struct Slot {
    uint64_t fingerprint_low;
    uint32_t fingerprint_high;  // Its last bit is set in a slot that is taken. Others are of zeros.
    uint32_t value;
    bool used() const { return fingerprint_high != 0; }
    bool IsOf(const Fingerprint& fingerprint) const {
      return fingerprint_low == fingerprint.low && fingerprint_high == (fingerprint.high | 1);
    }
  };

  size_t Mask() const { return slots_.size() - 1; }
  // In place: each slot is emptied, and what it held goes where a look-up finds it now. As the first one comes behind
  // an empty slot, that is never behind a slot that is to be emptied yet.
  void Grow() {
    const size_t before = slots_.size();
    slots_.GrowTo(2 * before);
    size_t empty = 0;
    while (slots_[empty].used()) ++empty;
    for (size_t i = empty + 1; i < empty + before; ++i) {
      Slot& slot = slots_[i & (before - 1)];
      if (!slot.used()) continue;
      const Slot moved = std::exchange(slot, {});
      size_t at = moved.fingerprint_low & Mask();
      while (slots_[at].used()) at = (at + 1) & Mask();
      slots_[at] = moved;
    }
  }

  GrowingVector<Slot> slots_;  // A power of two.
  size_t size_ = 0;
};

}  // namespace kindred
