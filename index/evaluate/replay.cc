#include "index/evaluate/replay.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/parallel_for.h"
#include "common/status_macros.h"

namespace kindred {
namespace {

std::optional<uint32_t> RankOf(uint32_t target, const std::vector<Candidate>& list) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].query_fingerprint == target) return static_cast<uint32_t>(i + 1);
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<Replay> ReplayPairs(const Recommender& recommender, absl::string_view market,
                                   absl::Span<const HeldOutPair> pairs, size_t limit, uint32_t threads) {
  Replay replay;
  replay.answer_of.reserve(pairs.size());
  absl::flat_hash_map<NormalizedQuery, uint32_t> number_of;
  std::vector<const NormalizedQuery*> sources;
  for (const HeldOutPair& pair : pairs) {
    const auto [number, fresh] = number_of.try_emplace(pair.source, static_cast<uint32_t>(sources.size()));
    if (fresh) sources.push_back(&pair.source);
    replay.answer_of.push_back(number->second);
  }
  replay.answers.resize(sources.size());
  std::vector<absl::Status> failures(threads);  // By worker.
  ParallelFor(threads, sources.size(), [&](uint32_t worker, size_t i) {
    const absl::StatusOr<Recommendation> answer = recommender.Recommend(market, *sources[i], limit);
    if (answer.ok()) {
      for (const CandidateView& candidate : answer->candidates) {
        replay.answers[i].push_back(static_cast<Candidate>(candidate));
      }
    } else {
      failures[worker] = answer.status();
    }
  });
  for (const absl::Status& failure : failures) RETURN_IF_ERROR(failure);
  replay.ranks.reserve(pairs.size());
  for (size_t i = 0; i < pairs.size(); ++i) {
    replay.ranks.push_back(RankOf(QueryFingerprint(pairs[i].target), replay.answer(i)));
  }
  return replay;
}

}  // namespace kindred
