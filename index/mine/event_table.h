// A market's search log in memory: every event once, its strings replaced by ids.
//
// Ids follow the byte order of the strings, never the order of the log, so that everything counted from a table is the
// same for shuffled logs.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "index/log/search_event.h"
#include "index/text/normalized_query.h"

namespace kindred {

using QueryId = uint32_t;     // Into EventTable::queries.
using SpellingId = uint32_t;  // Into EventTable::spellings.
using UserId = uint32_t;
using ItemId = uint32_t;
inline constexpr ItemId kNoItem = UINT32_MAX;

// Whether a search found anything to buy, where the log tells.
enum class Found : uint8_t { kUnknown, kNothing, kSomething };

struct EventRow {
  int64_t time_ms;
  UserId user;
  SpellingId spelling;
  ItemId item;  // kNoItem exactly where action is kSearch.
  Action action;
  Found found;

  // By (user, time, spelling, item, action, found); the members are laid out for size.
  friend auto operator<=>(const EventRow& x, const EventRow& y) {
    return std::tie(x.user, x.time_ms, x.spelling, x.item, x.action, x.found) <=>
           std::tie(y.user, y.time_ms, y.spelling, y.item, y.action, y.found);
  }
  friend bool operator==(const EventRow&, const EventRow&) = default;
};

// One way of typing a query.
struct Spelling {
  std::string display;  // As typed, with white space trimmed and collapsed and control characters dropped.
  QueryId query;
};

// Value; const use is thread-safe.
struct EventTable {
  std::string market;
  std::vector<NormalizedQuery> queries;  // Ascending.
  std::vector<Spelling> spellings;       // Ascending by (query, display).
  uint32_t users = 0;                    // Ids are below this.
  uint32_t items = 0;
  std::vector<EventRow> rows;  // Distinct; ascending in the order of EventRow.

  QueryId query_of(const EventRow& row) const { return spellings[row.spelling].query; }
  // nullopt: the table has no such query.
  std::optional<QueryId> Find(const NormalizedQuery& query) const;
  // The events of [from_ms, to_ms), with the ids of what occurs in them.
  EventTable Between(int64_t from_ms, int64_t to_ms) const;
};

// Takes events in any order and makes one table a market. Screens and normalizes each distinct spelling once.
// Not thread-safe.
class EventTableBuilder {
 public:
  EventTableBuilder();
  EventTableBuilder(EventTableBuilder&&);
  ~EventTableBuilder();

  // Internal: more than 2^32 - 2 distinct strings of a kind.
  absl::Status Add(const SearchEvent& event);
  // Events left out, by reason: those of ScreenReasonName(), "nothing but punctuation", "not UTF-8, or too long".
  const std::map<std::string, uint64_t>& dropped() const { return dropped_; }
  // Ascending by market. Leaves the builder empty.
  std::vector<EventTable> Finish();

 private:
  struct Market;
  Market& MarketOf(absl::string_view name);

  std::map<std::string, std::unique_ptr<Market>, std::less<>> markets_;
  std::map<std::string, uint64_t> dropped_;
};

}  // namespace kindred
