// Which products one user clicked: those that go together.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "index/mine/event_table.h"
#include "index/mine/user_history.h"

namespace kindred {

// Products that a user clicked, carted or bought; a < b.
struct ItemPair {
  ItemId a, b;

  uint32_t first_id() const { return a; }
  uint32_t second_id() const { return b; }
  friend bool operator==(const ItemPair&, const ItemPair&) = default;
};

// Keeps its memory between calls: one for each thread.
class UserItemPairs {
 public:
  // Of a user who clicked more products than `max_user_items`, so many count: a sample that depends on nothing but the
  // products. 0: no cap.
  explicit UserItemPairs(uint32_t max_user_items) : max_user_items_(max_user_items) {}

  // One for each pair of the user's products, ascending. Valid until the next call.
  absl::Span<const ItemPair> Of(const UserHistory& history);
  uint64_t users_over_cap() const { return users_over_cap_; }

 private:
  const uint32_t max_user_items_;
  uint64_t users_over_cap_ = 0;
  std::vector<ItemId> items_;
  std::vector<ItemPair> pairs_;
};

}  // namespace kindred
