// Finds the values of a row that names them itself, as in NDJSON, where no two rows need to have the same members.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "index/log/column_map.h"
#include "index/log/json_line.h"
#include "index/log/row_refusal.h"
#include "index/log/search_row.h"

namespace kindred {

inline constexpr absl::string_view kTwoMembers = "two members of one role";

// Not thread-safe. Remembers which roles names play, and which name follows which: logs repeat both in every row.
class RowMembers {
 public:
  // As LogOptions::columns; it must outlive this.
  explicit RowMembers(const ColumnNames& named) : named_(named) {}

  // Puts the values of the parsed line into the row, which is empty. The order of members does not matter, nor what
  // other rows have: of a role's usual names those that tell more come before the others, as FindColumns() has it.
  // Bad: kTwoMembers (value: which, and what to write); "value is no string or number" (value: the member; where it is
  // hits or an action, it is no value instead). Valid until the next call.
  RowRefusal Read(JsonLine& json, SearchRow& row);

 private:
  struct Member {
    std::string name;
    std::vector<std::pair<size_t, RoleClaim>> claims;  // By role.
    bool may_hold_claims = false;
    Member* next = nullptr;  // The one that stood behind it last; the first one behind the last.
  };

  Member* MemberOf(absl::string_view name, Member* before);
  RowRefusal Bad(absl::string_view reason, std::string value);

  const ColumnNames& named_;
  absl::flat_hash_map<std::string, std::unique_ptr<Member>> members_;  // By name.
  Member* last_ = nullptr;                                             // Of the row before.
  std::string bad_value_;
};

}  // namespace kindred
