// Conditional logit: which weights make the keyword that a shopper searched next score highest among the candidates.
#pragma once

#include <vector>

#include "absl/types/span.h"
#include "index/store/related_list.h"

namespace kindred {

// The candidates of one source.
struct ChoiceGroup {
  std::vector<Signals> signals;  // Of each candidate.
  std::vector<float> chosen;     // How often each was what shoppers searched next; their sum is positive.
};

// The weights b that minimize
//   sum over groups g of sum_i chosen_i * (ln sum_j exp(b x_j) - b x_i)  +  1/2 l2 |b|^2,
// x being the signals standardised over all candidates to mean 0 and variance 1, then given in the signals' own units.
// A signal that never varies has weight 0. Newton's method with halved steps: the loss is convex, and a Hessian of as
// many rows as there are signals is solved in no time. Source: McFadden, Conditional logit analysis of qualitative
// choice behavior (1974). REQUIRES: l2 > 0.
Signals FitConditionalLogit(absl::Span<const ChoiceGroup> groups, double l2);

}  // namespace kindred
