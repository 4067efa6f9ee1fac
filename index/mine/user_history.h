// One user's searches, cleaned and cut into sessions. This is the stage "users" of mining: it needs the rows of one
// user and nothing else.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/spill_memory.h"
#include "index/mine/agreement.h"
#include "index/mine/event_table.h"

namespace kindred {

struct HistoryOptions {
  // Two searches of a user further apart than this are in different sessions; exactly this far, in the same.
  absl::Duration session_gap = absl::Minutes(30);
  // A user who searches more than this on any UTC day is a robot; nothing of theirs counts. Shoppers do not come near:
  // on the log of docs/relevance.md the busiest of 38,000 made 8 searches in a day.
  uint32_t max_user_queries_per_day = 200;
  // A query without a click that the same user extends within this time was half-typed: measured on no log, chosen as
  // longer than a pause in typing and shorter than looking at a page of results. Not where both are of one whole
  // minute, as in a log of dates: all of a day would be within it. 0: every query counts.
  absl::Duration half_typed_window = absl::Seconds(4);
};

// A search: one distinct (time, query) of a user.
struct Search {
  int64_t time_ms;
  QueryId query;
  SpellingId spelling;
  uint32_t place = 0;    // Of its query, in UserHistory::queries.
  bool clicked = false;  // A product was clicked, put into the cart or bought after it.
};

// A product that the user clicked, put into the cart or bought after the query.
struct Click {
  QueryId query;
  ItemId item;
  DayNumber day;

  uint32_t first_id() const { return query; }
  uint32_t second_id() const { return item; }
  friend auto operator<=>(const Click&, const Click&) = default;
};

// A query that the user searched.
struct UserQuery {
  QueryId query;
  uint32_t first, last;  // Indices of its first search and its last.
};

struct UserHistory {
  SpillVector<Search> searches;                    // Ascending by (time, query).
  SpillVector<absl::Span<const Search>> sessions;  // Of `searches`, in order; none is empty.
  SpillVector<UserQuery> queries;                  // Distinct, in order of first search.
  SpillVector<Click> clicks;                       // One for each (query, item), its first; ascending.
  uint64_t half_typed = 0;                         // Searches left out.

  explicit UserHistory(const std::shared_ptr<SpillMemory>& memory = nullptr)
      : searches(memory), sessions(memory), queries(memory), clicks(memory) {}
  UserHistory(UserHistory&&) = default;
  UserHistory& operator=(UserHistory&&) = default;
};

// Cleans one user's rows after another's. Keeps its memory between calls, one user's searches in arrays of the table's
// pool: one for each thread. The table must outlive it.
class HistoryCleaner {
 public:
  // collect_clicks: false leaves UserHistory::clicks empty.
  HistoryCleaner(const EventTable& table, const HistoryOptions& options, bool collect_clicks = true)
      : table_(table),
        options_(options),
        session_gap_ms_(absl::ToInt64Milliseconds(options.session_gap)),
        half_typed_ms_(absl::ToInt64Milliseconds(options.half_typed_window)),
        collect_clicks_(collect_clicks),
        history_(table.pool()->arrays()) {}

  // `rows` are all of one user's, ascending and distinct. nullptr: a robot. Valid until the next call.
  const UserHistory* Clean(absl::Span<const EventRow> rows);

 private:
  struct Slot {
    uint64_t key = 0;  // user << 32 | query; taken where the user is user_.
    uint32_t place;
  };

  bool CollectSearches(absl::Span<const EventRow> rows);
  void DropHalfTyped();
  void FindQueries();

  const EventTable& table_;
  const HistoryOptions options_;
  const int64_t session_gap_ms_, half_typed_ms_;
  const bool collect_clicks_;
  std::vector<Slot> slots_;  // Places by query.
  uint32_t user_ = 0;        // The number of the one at hand, from 1 on. Slots are cleared when it starts anew.
  UserHistory history_;
};

// Whether `typed` is an unfinished `query`: a proper prefix of it, spaces aside, once a trailing run of Zhuyin is taken
// off ("藍牙ㄦ" of "藍牙耳機"). A whole word before a further one ("xbox" of "xbox 360") is unfinished for the text
// alone; whether it was is for the time between the two to say.
bool IsUnfinished(absl::string_view typed, absl::string_view query);

}  // namespace kindred
