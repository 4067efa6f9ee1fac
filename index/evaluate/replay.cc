#include "index/evaluate/replay.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
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
                                   absl::Span<const HeldOutPair> pairs, size_t limit) {
  Replay replay;
  replay.answer_of.reserve(pairs.size());
  replay.ranks.reserve(pairs.size());
  absl::flat_hash_map<NormalizedQuery, uint32_t> asked;
  for (const HeldOutPair& pair : pairs) {
    const auto [answer, fresh] = asked.try_emplace(pair.source, static_cast<uint32_t>(replay.answers.size()));
    if (fresh) {
      ASSIGN_OR_RETURN(Recommendation recommendation, recommender.Recommend(market, pair.source, limit));
      replay.answers.push_back(std::move(recommendation));
    }
    replay.answer_of.push_back(answer->second);
    replay.ranks.push_back(RankOf(QueryFingerprint(pair.target), replay.answers[answer->second].candidates));
  }
  return replay;
}

}  // namespace kindred
