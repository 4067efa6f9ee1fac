// Which products go together: those that the same people clicked.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "index/mine/event_table.h"
#include "index/mine/user_history.h"

namespace kindred {

// Distinct users who clicked, carted or bought both; a < b.
struct ItemPairCounts {
  ItemId a, b;
  uint32_t users;

  friend bool operator==(const ItemPairCounts&, const ItemPairCounts&) = default;
};

// Takes users one by one and counts the pairs of products of them all. Not thread-safe.
class ItemPairCounter {
 public:
  // Of a user who clicked more products than `max_user_items`, so many count: a sample that depends on nothing but the
  // products. 0: no cap.
  explicit ItemPairCounter(uint32_t max_user_items) : max_user_items_(max_user_items) {}

  // Each user once.
  void AddUser(const UserHistory& history);
  // The pairs of at least `min_users` users, ascending by (a, b). Leaves the counter empty.
  std::vector<ItemPairCounts> Finish(uint32_t min_users);
  uint64_t users_over_cap() const { return users_over_cap_; }

 private:
  uint32_t max_user_items_;
  uint64_t users_over_cap_ = 0;
  std::vector<std::pair<ItemId, ItemId>> pairs_;
};

}  // namespace kindred
