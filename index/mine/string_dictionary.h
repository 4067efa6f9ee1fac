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
#include "common/big_reader_lock.h"
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

// A spelling that is not known, or was not a moment ago.
struct NewSpelling {
  absl::string_view raw;
  Fingerprint key;                            // Of it.
  size_t event = 0;                           // The caller's: the first of those in a row.
  uint32_t number = FingerprintTable::kNone;  // To be found: its own, or that of the reason why it is left out.
};

// Thread-safe. Strings are told apart by fingerprint.
class StringDictionary {
 public:
  // Both must outlive it; `readers` are those of spellings() and items().
  StringDictionary(TableDetail detail, DropReasons* reasons, BigReaderLock* readers)
      : detail_(detail), reasons_(reasons), readers_(readers) {}

  // The numbers of spellings as they were typed (kTyped), and of products, which other threads add to: to be asked for,
  // and read, by one whose reader is locked.
  static constexpr FingerprintTable::Kind kTyped = FingerprintTable::kOne;
  FingerprintTable::View spellings() const ABSL_NO_THREAD_SAFETY_ANALYSIS { return numbers_.view(); }
  FingerprintTable::View items() const ABSL_NO_THREAD_SAFETY_ANALYSIS { return items_.view(); }

  // Finds the numbers of all, or gives them some: several at once, so that their look-ups overlap and the lock is
  // taken seldom.
  void Spell(absl::Span<NewSpelling> spellings) ABSL_LOCKS_EXCLUDED(mutex_);
  // The number of a product.
  uint32_t Item(const Fingerprint& fingerprint) ABSL_LOCKS_EXCLUDED(mutex_);
  // No number is left for another string.
  bool full() const { return full_.load(std::memory_order_relaxed); }

  // Moves the strings into the table in their order, and tells it the id of each number. Leaves the dictionary empty.
  // REQUIRES: no reader is locked, nor will be for this dictionary.
  void MoveTo(EventTable& table) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // A display form, or a normal form that nobody typed so: most are both, and share a place.
  struct Display {
    absl::string_view text;  // In texts_. Empty: nobody typed it yet.
    uint32_t query = FingerprintTable::kNone;
    uint32_t next = FingerprintTable::kNone;  // Of those of its query that were typed.
  };
  struct Query {
    NormalizedView normal_form;
    uint32_t display;  // The last that was typed.
  };
  struct Normalized {
    NewSpelling* spelling;
    NormalizedQuery query;
    std::string display;  // Empty: the query's text.
    Fingerprint key{}, query_key{};

    absl::string_view display_text() const { return display.empty() ? query.text() : display; }
  };

  static constexpr FingerprintTable::Kind kShown = FingerprintTable::kOther;  // Numbers of displays, and normal forms.

  std::vector<Normalized> NormalizeNew(absl::Span<NewSpelling> spellings) const;
  uint32_t AddSpelling(const Normalized& spelling) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  uint32_t NumberOf(const Fingerprint& text) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    uint32_t number = numbers_.Find(text, kShown);
    if (number == FingerprintTable::kNone) {
      number = static_cast<uint32_t>(displays_.size());
      numbers_.Set(text, number, kShown);
      displays_.push_back({});
      CheckRoom(displays_.size());
    }
    return number;
  }
  void MakeRoom(FingerprintTable& table, size_t numbers) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!table.HasRoomFor(numbers)) readers_->Exclude([&] { table.MakeRoomFor(numbers); });
  }

  void CheckRoom(size_t strings) {
    if (strings >= DropReasons::kFirst) full_.store(true, std::memory_order_relaxed);
  }

  const TableDetail detail_;
  DropReasons* const reasons_;
  BigReaderLock* const readers_;
  std::atomic<bool> full_{false};
  mutable absl::Mutex mutex_;
  FingerprintTable numbers_ ABSL_GUARDED_BY(mutex_), items_ ABSL_GUARDED_BY(mutex_);
  GrowingVector<Query> queries_ ABSL_GUARDED_BY(mutex_);
  GrowingVector<Display> displays_ ABSL_GUARDED_BY(mutex_);
  StringArena texts_ ABSL_GUARDED_BY(mutex_);
  std::vector<Fingerprint> item_fingerprints_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kindred
