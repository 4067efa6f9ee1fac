#include "index/rank/neighbor_rows.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace kindred {

bool MayBeShown(const QueryCounts& counts, const RankOptions& options) {
  return counts.searches > 0 && counts.users >= options.min_users && !counts.found_nothing;
}

std::vector<bool> ShownQueries(const MinedLog& mined, const RankOptions& options) {
  std::vector<bool> shown;
  shown.reserve(mined.counts.size());
  for (const QueryCounts& counts : mined.counts) shown.push_back(MayBeShown(counts, options));
  return shown;
}

double ChanceOfPair(uint32_t users, double expected) {
  if (users == 0) return 1;
  if (expected <= 0) return 0;
  if (expected > 100) return .5 * std::erfc((users - .5 - expected) / std::sqrt(2 * expected));
  if (users > expected + 100) return 0;
  double below = 0, term = std::exp(-expected);
  for (uint32_t k = 0; k < users; ++k) {
    below += term;
    term *= expected / (k + 1);
  }
  return std::max(0., 1 - below);
}

double MaxChance(size_t pairs) { return std::min(10. / static_cast<double>(std::max<size_t>(1, pairs)), .25); }

NeighborRows BuildNeighborRows(const MinedLog& mined, const RankOptions& options) {
  const uint32_t queries = static_cast<uint32_t>(mined.counts.size());
  NeighborRows result;
  result.user_sums = SpillVector<double>(queries, 0, mined.memory);
  const auto is_enough = [&](const PairCounts& pair) { return pair.users >= options.min_pair_users; };
  size_t pairs = 0;
  ForEachInBudget(mined.pairs, [&](const PairCounts& pair) { pairs += is_enough(pair); });
  const double max_chance = MaxChance(pairs);
  // Were everybody's queries drawn at random, each as often as it is searched, a pair would get its share of all pairs.
  double users_sum = 0;
  for (const QueryCounts& counts : mined.counts) users_sum += counts.users;
  const double pairs_of_chance =
      2 * static_cast<double>(mined.report.pairs.records) / std::max(1., users_sum * users_sum);
  const auto evident = [&](const PairCounts& pair) {
    const double expected = pairs_of_chance * mined.counts[pair.a].users * mined.counts[pair.b].users;
    return pair.sessions > 0 && pair.users >= kMinLift * expected && ChanceOfPair(pair.users, expected) < max_chance;
  };
  const std::vector<bool> shown = ShownQueries(mined, options);
  const auto visit = [&](const auto& put) {
    ForEachInBudget(mined.pairs, [&](const PairCounts& pair) {
      if (!is_enough(pair)) return;
      std::optional<bool> is_evident;  // Found once, where an entry is made.
      const auto known = [&] { return is_evident.has_value() ? *is_evident : *(is_evident = evident(pair)); };
      if (shown[pair.b]) {
        put(pair.a, [&] {
          return Neighbor{pair.b, pair.users, pair.sessions, pair.users_a_first, pair.users_b_next, known()};
        });
      }
      if (shown[pair.a]) {
        put(pair.b, [&] {
          const uint32_t b_first = pair.users - pair.users_a_first;
          return Neighbor{pair.a, pair.users, pair.sessions, b_first, pair.users_a_next, known()};
        });
      }
    });
  };
  result.rows = SparseRows<Neighbor>::Collect(queries, visit, mined.memory);
  ForEachInBudget(mined.pairs, [&](const PairCounts& pair) {
    if (!is_enough(pair)) return;
    result.user_sums[pair.a] += pair.users;
    result.user_sums[pair.b] += pair.users;
  });
  const auto stronger = [](const Neighbor& x, const Neighbor& y) {
    const uint32_t a = x.users + x.sessions, b = y.users + y.sessions;
    return a != b ? a > b : x.query < y.query;
  };
  const auto by_id = [](const Neighbor& x, const Neighbor& y) { return x.query < y.query; };
  const size_t cap = options.caps.row == 0 ? SIZE_MAX : options.caps.row;
  result.rows.Trim([&](absl::Span<Neighbor> row) {  // Pairs ascend, so do rows as they were collected.
    if (row.size() <= cap) return row.size();
    ++result.rows_cut;
    const auto end = row.begin() + static_cast<std::ptrdiff_t>(cap);
    std::nth_element(row.begin(), end, row.end(), stronger);
    std::sort(row.begin(), end, by_id);
    return cap;
  });
  return result;
}

}  // namespace kindred
