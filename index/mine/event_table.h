// A market's search log: its events by user, their strings replaced by ids.
//
// Ids of queries and spellings follow the byte order of the strings, those of products the order of their fingerprints,
// users are ordered by fingerprint: nothing depends on the order of the log, so that everything counted from a table is
// the same for shuffled logs.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/big_reader_lock.h"
#include "common/large_page_allocator.h"
#include "index/log/search_event.h"
#include "index/mine/chunk_pool.h"
#include "index/mine/fingerprint.h"
#include "index/mine/partitions.h"
#include "index/mine/string_arena.h"
#include "index/text/normalized_query.h"

namespace kindred {

using QueryId = uint32_t;     // Into EventTable::queries.
using SpellingId = uint32_t;  // Into EventTable::spellings.
using ItemId = uint32_t;
inline constexpr ItemId kNoItem = UINT32_MAX;
inline constexpr int64_t kMinuteMs = 60 * 1000;

// Whether a search found anything to buy, where the log tells.
enum class Found : uint8_t { kUnknown, kNothing, kSomething };

// What one user did.
struct EventRow {
  int64_t time_ms;
  SpellingId spelling;
  QueryId query;  // Of the spelling.
  ItemId item;    // kNoItem exactly where action is kSearch.
  Action action;
  Found found;

  // By (time, spelling, item, action, found): a spelling has one query.
  friend auto operator<=>(const EventRow&, const EventRow&) = default;
};

// One way of typing a query.
struct Spelling {
  absl::string_view display;  // As typed, with white space trimmed and collapsed and control characters dropped.
  QueryId query;
};

// The events of [from_ms, to_ms).
struct TimeWindow {
  int64_t from_ms = INT64_MIN, to_ms = INT64_MAX;

  bool Holds(int64_t time_ms) const { return time_ms >= from_ms && time_ms < to_ms; }
};

inline constexpr int kPartitionBits = 8;  // Of a user's fingerprint: the first say in which partition its events are.

// An event as it is kept: 24 bytes.
struct StoredEvent {
  uint64_t user;       // Fingerprint.
  uint64_t time_bits;  // time_ms << 4 | action << 2 | found
  uint32_t spelling;   // In order of arrival.
  uint32_t item;       // In order of arrival, or kNoItem.
};

// An event of which only the search counts, and whether anything was clicked: 16 bytes, as a third less is written to
// files and read again.
struct StoredSearch {
  static constexpr int kUserBits = 52;  // Those next to the partition's: two of a hundred million users
                                        // have the same 60 bits with a probability of 1 in 230.
  static constexpr int kTimeBits = 64 - kUserBits;

  // REQUIRES: 0 <= time_ms < 2^43, the year 2248.
  static StoredSearch Of(uint64_t user, int64_t time_ms, bool clicked, uint32_t spelling) {
    const uint64_t time_bits = static_cast<uint64_t>(time_ms) << 1 | static_cast<uint64_t>(clicked);
    return {.user_and_time = user << kPartitionBits >> kTimeBits << kTimeBits | time_bits >> 32,
            .time_and_spelling = time_bits << 32 | spelling};
  }
  uint64_t time_bits() const { return user_and_time << kUserBits >> (kUserBits - 32) | time_and_spelling >> 32; }
  uint32_t spelling() const { return static_cast<uint32_t>(time_and_spelling); }  // In order of arrival.

  uint64_t user_and_time;      // kUserBits of the user; the upper kTimeBits of time_ms << 1 | clicked.
  uint64_t time_and_spelling;  // The other 32; the spelling.
};

// Const use is thread-safe.
class EventTable {
 public:
  static constexpr uint32_t kUserPartitions = 1 << kPartitionBits;

  EventTable() : events_by_user_(nullptr, 0), searches_by_user_(nullptr, 0) {}  // To be assigned to.
  EventTable(EventTable&&) = default;
  EventTable& operator=(EventTable&&) = default;

  std::string market;
  LargePageVector<NormalizedView> queries;  // Ascending.
  LargePageVector<Spelling> spellings;      // Ascending by (query, display).

  std::vector<Fingerprint> item_fingerprints;  // By id: ascending.

  uint32_t items() const { return static_cast<uint32_t>(item_ids_.size()); }  // Ids are below this.
  // nullopt: the table has no such query.
  std::optional<QueryId> Find(NormalizedView query) const;

  // Events as they came, equal ones counted each.
  uint64_t events() const { return events_; }
  // By a sample, to cut work into equal parts: it depends on the order of the log and on the threads that read it.
  uint64_t about_events(QueryId query) const { return about_events_of_query_[query]; }
  // As many, before a time that is cut to its minute.
  uint64_t EventsBefore(int64_t time_ms) const;
  // Events by minute since 1970, ascending; none is 0.
  absl::Span<const std::pair<uint32_t, uint64_t>> minutes() const { return minutes_; }
  int64_t first_ms() const { return first_ms_; }  // 0 where there is no event.
  int64_t last_ms() const { return last_ms_; }
  bool tells_found() const { return tells_found_; }  // Some event says whether it found anything.

  const std::shared_ptr<ChunkPool>& pool() const { return pool_; }
  // Gives the memory of a partition's events back, once they are counted: ranking asks for the strings alone.
  // Thread-safe for different partitions. REQUIRES: partition < kUserPartitions.
  void ForgetEvents(uint32_t partition) {
    has_detail() ? events_by_user_.Clear(partition) : searches_by_user_.Clear(partition);
  }

 private:
  friend class EventTableBuilder;
  friend class StringDictionary;
  friend class TableParts;
  friend class UserRows;

  std::shared_ptr<ChunkPool> pool_;
  StringArena texts_;                                                      // Of queries and spellings.
  bool has_detail() const { return searches_by_user_.partitions() == 0; }  // TableDetail::kAll.
  // Its events are in one of these; the other has no partitions.
  Partitions<StoredEvent> events_by_user_;
  Partitions<StoredSearch> searches_by_user_;  // TableDetail::kQueries.
  struct SpellingIds {
    SpellingId spelling;
    QueryId query;
  };
  LargePageVector<SpellingIds> spelling_ids_;  // By order of arrival.
  LargePageVector<ItemId> item_ids_;           // Likewise.
  std::vector<uint64_t> about_events_of_query_;
  std::vector<std::pair<uint32_t, uint64_t>> minutes_;
  uint64_t events_ = 0;
  int64_t first_ms_ = 0, last_ms_ = 0;
  bool tells_found_ = false;
};

class DropReasons;
class StringDictionary;
struct NewSpelling;

// What a table is to tell apart.
enum class TableDetail {
  kAll,
  // All spellings of a query are one, its normal form, all products are one, and all that is done with them is a click;
  // events that differ in nothing else count once. What a search found is not told.
  kQueries,
};

// Takes events in any order, on any number of threads, and makes one table a market. Screens and normalizes each
// distinct spelling once, but where it is met again before that is known: by another thread, or within some hundred
// events.
class EventTableBuilder {
 public:
  // Each takes some megabytes; a log of more has another column for its markets'.
  static constexpr size_t kMostMarkets = 500;

  // One thread's hand. Not thread-safe. The builder must outlive it.
  class Shard {
   public:
    ~Shard();
    // InvalidArgument: more than kMostMarkets.  Internal: more than 2^32 - 2^16 distinct strings of a kind.
    absl::Status Add(absl::Span<const SearchEvent> events);

   private:
    friend class EventTableBuilder;
    struct Market;
    Shard(EventTableBuilder* builder, BigReaderLock::Reader* reader);
    absl::StatusOr<Market*> MarketOf(absl::string_view name);
    absl::Status AddBlock(Market& market, absl::Span<const SearchEvent> events);

    EventTableBuilder* const builder_;
    BigReaderLock::Reader* const reader_;  // Of the dictionaries' tables.
    std::map<std::string, std::unique_ptr<Market>, std::less<>> markets_;
    std::vector<uint64_t> dropped_;           // By number of reason.
    std::vector<NewSpelling> new_spellings_;  // Of a block.
  };

  explicit EventTableBuilder(SpillOptions spill = {}, TableDetail detail = TableDetail::kAll);
  ~EventTableBuilder();
  EventTableBuilder(const EventTableBuilder&) = delete;
  EventTableBuilder& operator=(const EventTableBuilder&) = delete;

  // Thread-safe. Valid until Finish().
  Shard* NewShard();
  // By a shard of its own. Not thread-safe.
  absl::Status Add(const SearchEvent& event);

  // Events left out, by reason: those of ScreenReasonName(), "nothing but punctuation", "not UTF-8, or too long".
  // REQUIRES: no shard is adding.
  std::map<std::string, uint64_t> dropped() const;
  // Of the pool, see ChunkPool::status(): to be asked for once all events are added.
  absl::Status status() const { return pool_->status(); }
  // Ascending by market; none is without events. Leaves the builder empty. REQUIRES: no shard is adding.
  std::vector<EventTable> Finish();

 private:
  absl::StatusOr<StringDictionary*> DictionaryOf(absl::string_view market) ABSL_LOCKS_EXCLUDED(mutex_);
  EventTable FinishMarket(const std::string& market, StringDictionary& dictionary);

  const std::shared_ptr<ChunkPool> pool_;
  const TableDetail detail_;
  const std::unique_ptr<DropReasons> reasons_;
  BigReaderLock readers_;
  mutable absl::Mutex mutex_;
  std::map<std::string, std::unique_ptr<StringDictionary>, std::less<>> dictionaries_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Shard>> shards_ ABSL_GUARDED_BY(mutex_);
  Shard* own_shard_ = nullptr;
};

}  // namespace kindred
