// One user's searches, cleaned and cut into sessions. This is the stage "users" of mining: it needs the rows of one
// user and nothing else.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
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
  // longer than a pause in typing and shorter than looking at a page of results.
  absl::Duration half_typed_window = absl::Seconds(4);
};

// A search: one distinct (time, query) of a user.
struct Search {
  int64_t time_ms;
  QueryId query;
  SpellingId spelling;
};

// A product that the user clicked, put into the cart or bought after the query.
struct Click {
  QueryId query;
  ItemId item;
  DayNumber day;

  friend auto operator<=>(const Click&, const Click&) = default;
};

struct UserHistory {
  std::vector<Search> searches;                    // Ascending by (time, query).
  std::vector<absl::Span<const Search>> sessions;  // Of `searches`, in order; none is empty.
  std::vector<Click> clicks;                       // One for each (query, item), its first; ascending.
  uint64_t half_typed = 0;                         // Searches left out.

  UserHistory() = default;
  UserHistory(UserHistory&&) = default;
  UserHistory& operator=(UserHistory&&) = default;
};

// Thread-safe for const tables. `rows` are all of one user's in the table's order.
// nullopt: a robot.
std::optional<UserHistory> CleanHistory(const EventTable& table, absl::Span<const EventRow> rows,
                                        const HistoryOptions& options);

// Where a user's rows end: the stage's input, cut. Calls visit(rows of one user) for each user in order.
template <typename Visit>
void ForEachUser(absl::Span<const EventRow> rows, Visit visit) {
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = begin + 1;
    while (end < rows.size() && rows[end].user == rows[begin].user) ++end;
    visit(rows.subspan(begin, end - begin));
    begin = end;
  }
}

// Cuts searches, ascending by time, wherever two neighbours are more than `gap` apart.
std::vector<absl::Span<const Search>> SplitSessions(absl::Span<const Search> searches, absl::Duration gap);

// Whether `typed` is an unfinished `query`: a proper prefix of it, spaces aside, once a trailing run of Zhuyin is taken
// off ("藍牙ㄦ" of "藍牙耳機"). A whole word before a further one ("xbox" of "xbox 360") is unfinished for the text
// alone; whether it was is for the time between the two to say.
bool IsUnfinished(absl::string_view typed, absl::string_view query);

}  // namespace kindred
