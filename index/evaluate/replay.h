// What a recommender shows for held-out pairs. The evaluator asks the index of a cut, the gate a stored version, both
// through this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/evaluate/held_out.h"
#include "index/lookup/recommender.h"

namespace kindred {

// How many keywords of a list quality is measured on.
inline constexpr size_t kEvaluatedListSize = 10;

struct Replay {
  // Of each distinct source, in order of its first pair, the keywords, best first.
  std::vector<std::vector<Candidate>> answers;
  std::vector<uint32_t> answer_of;             // By pair: its source's, into `answers`.
  std::vector<std::optional<uint32_t>> ranks;  // By pair: where its target stands, from 1; nullopt: it is not shown.

  const std::vector<Candidate>& answer(size_t pair) const { return answers[answer_of[pair]]; }
};

// Asks each distinct source once, for at most `limit` keywords: what a shopper searches next does not change the
// answer. The same for any number of threads, which must be above 0. Errors of Recommender::Recommend().
absl::StatusOr<Replay> ReplayPairs(const Recommender& recommender, absl::string_view market,
                                   absl::Span<const HeldOutPair> pairs, size_t limit, uint32_t threads = 1);

}  // namespace kindred
