#include "index/mine/user_item_pairs.h"

#include <algorithm>

namespace kindred {
namespace {

// Scatters ids (Knuth's multiplicative hashing), so that a sample of products is no range of them.
uint32_t Scattered(ItemId item) { return item * 2654435761u; }

}  // namespace

absl::Span<const ItemPair> UserItemPairs::Of(const UserHistory& history) {
  pairs_.clear();
  if (history.clicks.size() < 2) return pairs_;
  items_.clear();
  for (const Click& click : history.clicks) items_.push_back(click.item);
  std::sort(items_.begin(), items_.end());
  items_.erase(std::unique(items_.begin(), items_.end()), items_.end());
  if (max_user_items_ > 0 && items_.size() > max_user_items_) {
    ++users_over_cap_;
    std::sort(items_.begin(), items_.end(), [](ItemId x, ItemId y) { return Scattered(x) < Scattered(y); });
    items_.resize(max_user_items_);
    std::sort(items_.begin(), items_.end());
  }
  for (size_t i = 0; i < items_.size(); ++i) {
    for (size_t j = i + 1; j < items_.size(); ++j) pairs_.push_back({items_[i], items_[j]});
  }
  return pairs_;
}

}  // namespace kindred
