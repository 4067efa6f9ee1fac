// From the values of one log row to a SearchEvent, or to the reason why it gives none. The same for every format.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "index/log/column_map.h"
#include "index/log/row_refusal.h"
#include "index/log/search_event.h"

namespace kindred {

// As the API's: kMaxQueryBytes and kMaxMarketBytes, of rooms that this one does not use; a test holds them together.
inline constexpr size_t kMaxTypedBytes = 256;
inline constexpr size_t kMaxMarketNameBytes = 32;

// A row's values by role, as they stand in the log; empty where it has none.
struct SearchRow {
  std::array<absl::string_view, kRoles> values;
  absl::string_view operator[](Role role) const { return values[static_cast<size_t>(role)]; }
};

struct RowVerdict : RowRefusal {
  SearchEvent event;  // Of kEvent; views into the row.
};

inline constexpr absl::string_view kOtherAction = "other action";

// Bad: "missing user" (and no session), "missing time", "time", "time in the future" (after latest_ms, since 1970),
// "not UTF-8" (of the query or the market), "market too long" (over kMaxMarketNameBytes), "market with a control
// character".
// Skipped: "empty query" (NULL and \N, too), "query too long" (over kMaxTypedBytes), kOtherAction (value: the action).
// Spaces around values do not count, but for the query, which stays as typed. Hits that are no whole number are none.
RowVerdict JudgeRow(const SearchRow& row, int64_t latest_ms);

// The same: adds the row's event where it gives one; else it is false, and `refusal` says why. is_utf8: the row is
// known to be UTF-8, as where the whole text was looked at.
bool JudgeRowInto(const SearchRow& row, int64_t latest_ms, bool is_utf8, std::vector<SearchEvent>& events,
                  RowRefusal& refusal);

// A value without spaces around it; empty for NULL and \N, as databases export what has no value.
absl::string_view OptionalValue(absl::string_view text);

// What an action's name means; nullopt for actions that are no search, click, cart or purchase.
std::optional<Action> ParseAction(absl::string_view name);

}  // namespace kindred
