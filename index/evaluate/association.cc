#include "index/evaluate/association.h"

#include <algorithm>
#include <cmath>

namespace kindred {
namespace {

double XLogX(double x) { return x > 0 ? x * std::log(x) : 0; }

}  // namespace

double CosineScore(const TogetherCounts& counts) {
  return static_cast<double>(counts.both) /
         std::sqrt(static_cast<double>(counts.from) * static_cast<double>(counts.to));
}

double PmiSquaredScore(const TogetherCounts& counts) {
  const double both = static_cast<double>(counts.both);
  return std::log(both * both / (static_cast<double>(counts.from) * static_cast<double>(counts.to)));
}

double LogLikelihoodScore(const TogetherCounts& counts) {
  const double both = static_cast<double>(counts.both), from = static_cast<double>(counts.from);
  const double to = static_cast<double>(counts.to), all = static_cast<double>(counts.all);
  const double cells = XLogX(both) + XLogX(from - both) + XLogX(to - both) + XLogX(all - from - to + both);
  const double margins = XLogX(from) + XLogX(all - from) + XLogX(to) + XLogX(all - to);
  const double ratio = 2 * (cells - margins + XLogX(all));
  return both * all < from * to ? -ratio : ratio;
}

bool LogLikelihoodIsBelow(const TogetherCounts& counts, double log_rarity, double least) {
  constexpr double kRounding = 1e-6;
  if (2 * std::max(counts.from, counts.to) > counts.all || counts.both > std::min(counts.from, counts.to)) return false;
  return 2 * static_cast<double>(counts.both) * (log_rarity + 3) * (1 + kRounding) < least;
}

}  // namespace kindred
