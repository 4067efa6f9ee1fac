// Strings by 94 bits of their hash: two of ten million strings are taken for one with a probability of 1 in 10^14, and
// no string is kept or compared.
#pragma once

#include <atomic>
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

// Numbers by fingerprint and kind, in 32 to 64 bytes for each fingerprint and number. Look-ups in a table that is
// fuller probe further: up to 7/8 of it taken, instead of half, `mine` took a sixteenth longer (10 million rows,
// 2026-11-28). One thread may Set() what HasRoomFor() while others look into a View; all else is not thread-safe.
class FingerprintTable {
 private:
  struct Slot;

 public:
  static constexpr uint32_t kNone = UINT32_MAX;
  // What a fingerprint has a number as, where the same strings are numbered in two ways.
  enum Kind : uint32_t { kOne = 1, kOther = 2 };
  // Where a table's slots are, so that who reads them reads nothing that Set() writes for each new one.
  class View {
   public:
    // Brings the fingerprint's slot into the cache.
    void Prefetch(const Fingerprint& fingerprint) const { __builtin_prefetch(&slots_[fingerprint.low & mask_]); }
    // The number that was set; kNone where none was.
    uint32_t Find(const Fingerprint& fingerprint, Kind kind = kOne) const {
      for (size_t i = fingerprint.low & mask_;; i = (i + 1) & mask_) {
        const uint64_t rest = slots_[i].Rest();
        if (!IsUsed(rest)) return kNone;
        if ((rest & kind) != 0 && IsOf(slots_[i], rest, fingerprint)) return static_cast<uint32_t>(rest >> 32);
      }
    }

   private:
    friend class FingerprintTable;
    View(const Slot* slots, size_t mask) : slots_(slots), mask_(mask) {}

    const Slot* const slots_;
    const size_t mask_;
  };

  FingerprintTable() { slots_.GrowTo(256); }

  View view() const { return {slots_.data(), Mask()}; }  // Valid until MakeRoomFor(), and until Set() makes room.
  void Prefetch(const Fingerprint& fingerprint) const { view().Prefetch(fingerprint); }
  uint32_t Find(const Fingerprint& fingerprint, Kind kind = kOne) const { return view().Find(fingerprint, kind); }
  // REQUIRES: the fingerprint has no other number of the kind.
  void Set(const Fingerprint& fingerprint, uint32_t number, Kind kind = kOne) {
    MakeRoomFor(1);
    const size_t mask = Mask();
    for (size_t i = fingerprint.low & mask;; i = (i + 1) & mask) {
      Slot& slot = slots_[i];
      const uint64_t rest = slot.Rest();
      if (!IsUsed(rest)) {
        slot.fingerprint_low = fingerprint.low;
        slot.SetRest(uint64_t{number} << 32 | (fingerprint.high & ~kKinds) | kind);
        ++size_;
        return;
      }
      if (IsOf(slot, rest, fingerprint) && rest >> 32 == number) return slot.SetRest(rest | kind);
    }
  }
  bool HasRoomFor(size_t numbers) const { return (size_ + numbers) * 2 <= slots_.size(); }
  void MakeRoomFor(size_t numbers) {
    while (!HasRoomFor(numbers)) Grow();
  }
  // Numbers, each counted once for a fingerprint that has it.
  size_t size() const { return size_; }

 private:
  static constexpr uint32_t kKinds = kOne | kOther;
  struct Slot {
    // Written after the other, and read before it: a slot is taken when all of it can be read.
    uint64_t Rest() const {
      return std::atomic_ref<uint64_t>(const_cast<uint64_t&>(rest)).load(std::memory_order_acquire);
    }
    void SetRest(uint64_t value) { std::atomic_ref<uint64_t>(rest).store(value, std::memory_order_release); }

    uint64_t fingerprint_low;
    // The number; the fingerprint's high bits, with its kinds in place of the last. 0 in a slot that is free.
    uint64_t rest;
  };
  static bool IsUsed(uint64_t rest) { return (rest & kKinds) != 0; }
  static bool IsOf(const Slot& slot, uint64_t rest, const Fingerprint& fingerprint) {
    return slot.fingerprint_low == fingerprint.low && ((static_cast<uint32_t>(rest) ^ fingerprint.high) & ~kKinds) == 0;
  }

  size_t Mask() const { return slots_.size() - 1; }
  // In place: each slot is emptied, and what it held goes where a look-up finds it now. As the first one comes behind
  // an empty slot, that is never behind a slot that is to be emptied yet.
  void Grow() {
    const size_t before = slots_.size();
    slots_.GrowTo(2 * before);
    size_t empty = 0;
    while (IsUsed(slots_[empty].rest)) ++empty;
    for (size_t i = empty + 1; i < empty + before; ++i) {
      Slot& slot = slots_[i & (before - 1)];
      if (!IsUsed(slot.rest)) continue;
      const Slot moved = std::exchange(slot, {});
      size_t at = moved.fingerprint_low & Mask();
      while (IsUsed(slots_[at].rest)) at = (at + 1) & Mask();
      slots_[at] = moved;
    }
  }

  GrowingVector<Slot> slots_;  // A power of two.
  size_t size_ = 0;
};

}  // namespace kindred
