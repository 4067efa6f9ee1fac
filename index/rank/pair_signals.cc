#include "index/rank/pair_signals.h"

#include <cmath>

namespace kindred {
namespace {

// Constants of the formula. Each was varied by a factor of 2.5 or more either way: hit@10 moved by at most .002. So
// did MRR@10, but for a walk floor of 1e-3, which cost .006.
constexpr double kTokenBackOff = 8;
constexpr double kPopularityBackOff = 20;
constexpr double kWalkFloor = 1e-4;
constexpr double kRecentShare = .9;
constexpr double kFollowUpPrior = 10;  // Searches.

// Most pairs are of no common product.
float LogOfWalk(float walk) {
  static const auto kLogOfFloor = static_cast<float>(std::log(kWalkFloor));
  return walk == 0 ? kLogOfFloor : static_cast<float>(std::log(kWalkFloor + walk));
}

}  // namespace

double PopularityOf(const QueryCounts& counts, const LogTotals& totals) {
  return kRecentShare * counts.recent / totals.recent + (1 - kRecentShare) * counts.searches / totals.searches;
}

float RecentOf(double popularity, const LogTotals& totals) {
  return static_cast<float>(std::log(popularity * totals.queries));
}

float FollowUpOf(const QueryCounts& counts, const LogTotals& totals) {
  if (totals.followups == 0) return 0;
  const double usual = totals.followups / totals.searches;
  return static_cast<float>(
      std::log((counts.followups + kFollowUpPrior * usual) / ((counts.searches + kFollowUpPrior) * usual)));
}

Signals SignalsOf(const SourceSums& source, const PairSums& pair, const TargetFacts& target) {
  const double prior = kPopularityBackOff * source.idf;
  const double token = (pair.pool_users + prior * target.popularity) / (source.pool_users + prior);
  const double shared = target.shared_words;
  Signals signals;
  signals[kPair] = static_cast<float>(std::log(pair.users + pair.sessions + kTokenBackOff * token));
  signals[kToken] = pair.pool_sessions == 0 ? 0 : static_cast<float>(std::log1p(pair.pool_sessions));
  signals[kWalk1] = LogOfWalk(pair.walk1);
  signals[kWalk2] = LogOfWalk(pair.walk2);
  signals[kJaccard] = static_cast<float>(shared / (static_cast<double>(source.words + target.words) - shared));
  signals[kNext] = pair.users_next == 0 ? 0 : static_cast<float>(std::log1p(pair.users_next));
  signals[kCoClick] = LogOfWalk(pair.co_click);
  signals[kRecent] = target.recent;
  signals[kFollowUp] = target.follow_up;
  return signals;
}

}  // namespace kindred
