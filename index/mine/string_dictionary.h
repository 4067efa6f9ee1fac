// The strings of a market while its events are read: each gets a number when it is first met, and an id in the end,
// when all are known and have an order.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "common/growing_memory.h"
#include "index/mine/event_table.h"
#include "index/mine/fingerprint.h"
#include "index/mine/string_arena.h"
#include "index/text/normalized_query.h"

namespace kindred {

// Why spellings are left out, in the place of their numbers. Thread-safe.
class DropReasons {
 public:
  // Numbers from kFirst on are reasons, and no strings have them. Reasons are few.
  static constexpr uint32_t kLast = UINT32_MAX - 1, kFirst = kLast - 0xFFFF;

  uint32_t NumberOf(absl::string_view reason) ABSL_LOCKS_EXCLUDED(mutex_);
  // In the order of their first use: that of number kLast - i is the i-th.
  std::vector<std::string> names() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::string> names_ ABSL_GUARDED_BY(mutex_);
};

// A spelling that a thread does not know.
struct NewSpelling {
  absl::string_view raw;
  Fingerprint key;                            // Of it.
  uint32_t number = FingerprintTable::kNone;  // To be found: its own, or that of the reason why it is left out.
};

// Thread-safe. Strings are told apart by fingerprint.
class StringDictionary {
 public:
  // is_shared: several threads add, and what one has normalized is kept for the others. `reasons` must outlive it.
  StringDictionary(TableDetail detail, bool is_shared, DropReasons* reasons)
      : detail_(detail), is_shared_(is_shared), reasons_(reasons) {}

  // Finds the numbers of all, or gives them some: several at once, so that their look-ups overlap and the lock is
  // taken seldom.
  void Spell(absl::Span<NewSpelling> spellings) ABSL_LOCKS_EXCLUDED(mutex_);
  // The number of a product.
  uint32_t Item(const Fingerprint& fingerprint) ABSL_LOCKS_EXCLUDED(mutex_);
  // No number is left for another string; the last before the reasons' is none.
  bool full() const { return full_.load(std::memory_order_relaxed); }

  // Moves the strings into the table in their order, and tells it the id of each number. Leaves the dictionary empty.
  void MoveTo(EventTable& table) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // A display form, or a normal form that nobody typed so: most are both, and share a place.
  struct Display {
    uint32_t query = FingerprintTable::kNone;
    bool typed = false;
    bool typed_as_is = false;  // Typed so, and shown so.
    absl::string_view text;    // In texts_, where it was typed.
  };
  struct Normalized {
    NewSpelling* spelling;
    NormalizedQuery query;
    std::string display;  // Empty: the query's text.
    Fingerprint key{}, query_key{};

    absl::string_view display_text() const { return display.empty() ? query.text() : display; }
  };

  // Those that have to be normalized; of the others, numbers are set. Where the dictionary is not shared, all.
  std::vector<NewSpelling*> FindKnown(absl::Span<NewSpelling> spellings) ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<Normalized> NormalizeNew(absl::Span<NewSpelling* const> spellings) const;
  uint32_t AddSpelling(const Normalized& spelling) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  uint32_t NumberOf(const Fingerprint& text) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    uint32_t& number = numbers_[text];
    if (number == FingerprintTable::kNone) {
      number = static_cast<uint32_t>(displays_.size());
      displays_.push_back({});
      CheckRoom(displays_.size());
    }
    return number;
  }

  void CheckRoom(size_t strings) {
    if (strings >= DropReasons::kFirst - 1) full_.store(true, std::memory_order_relaxed);
  }

  const TableDetail detail_;
  const bool is_shared_;
  DropReasons* const reasons_;
  std::atomic<bool> full_{false};
  mutable absl::Mutex mutex_;
  FingerprintTable numbers_ ABSL_GUARDED_BY(mutex_), items_ ABSL_GUARDED_BY(mutex_);
  FingerprintTable numbers_as_typed_ ABSL_GUARDED_BY(mutex_);  // Of spellings that are not shown so, where shared.
  GrowingVector<NormalizedView> queries_ ABSL_GUARDED_BY(mutex_);
  GrowingVector<Display> displays_ ABSL_GUARDED_BY(mutex_);
  StringArena texts_ ABSL_GUARDED_BY(mutex_);
  std::vector<Fingerprint> item_fingerprints_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kindred
