#include "index/evaluate/association.h"

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

}  // namespace kindred
