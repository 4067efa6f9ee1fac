// One row of a search log, whatever its format: who searched what, when, and what they clicked.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace kindred {

// What a row tells beside the search itself.
enum class Action : uint8_t { kSearch, kClick, kCart, kPurchase };

// Views are valid until the reader's next call. One search may stand on several events, one an item.
struct SearchEvent {
  absl::string_view user;           // Or the session's id where the log knows no user. Never empty.
  absl::string_view query;          // As typed: UTF-8, never empty.
  absl::string_view market;         // At most 32 bytes. Empty where the log has no such column.
  absl::string_view item;           // The product clicked, put into the cart or bought; empty: none.
  int64_t time_ms = 0;              // Of the search, since 1970 UTC. From 1990 to a day after LogOptions::now.
  Action action = Action::kSearch;  // kSearch exactly where item is empty.
  std::optional<uint64_t> hits;     // How many products the search found.
};

}  // namespace kindred
