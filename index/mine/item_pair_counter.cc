#include "index/mine/item_pair_counter.h"

#include <algorithm>

namespace kindred {
namespace {

// Scatters ids (Knuth's multiplicative hashing), so that a sample of products is no range of names.
uint32_t Scattered(ItemId item) { return item * 2654435761u; }

}  // namespace

void ItemPairCounter::AddUser(const UserHistory& history) {
  std::vector<ItemId> items;
  for (const Click& click : history.clicks) items.push_back(click.item);
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  if (max_user_items_ > 0 && items.size() > max_user_items_) {
    ++users_over_cap_;
    std::sort(items.begin(), items.end(), [](ItemId x, ItemId y) { return Scattered(x) < Scattered(y); });
    items.resize(max_user_items_);
    std::sort(items.begin(), items.end());
  }
  for (size_t i = 0; i < items.size(); ++i) {
    for (size_t j = i + 1; j < items.size(); ++j) pairs_.emplace_back(items[i], items[j]);
  }
}

std::vector<ItemPairCounts> ItemPairCounter::Finish(uint32_t min_users) {
  std::vector<std::pair<ItemId, ItemId>> pairs = std::move(pairs_);
  pairs_.clear();
  std::sort(pairs.begin(), pairs.end());
  std::vector<ItemPairCounts> counts;
  for (size_t begin = 0, end; begin < pairs.size(); begin = end) {
    for (end = begin; end < pairs.size() && pairs[end] == pairs[begin];) ++end;
    const auto users = static_cast<uint32_t>(end - begin);
    if (users >= min_users) counts.push_back({pairs[begin].first, pairs[begin].second, users});
  }
  return counts;
}

}  // namespace kindred
