#include "index/lookup/recommender.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/lookup/list_merger.h"
#include "index/lookup/similar_lists.h"
#include "index/text/respelling.h"

namespace kindred {
namespace {

absl::StatusOr<SpellingForm> FormOf(const Candidate& candidate) {
  absl::StatusOr<NormalizedQuery> query = NormalizeQuery(candidate.keyword);
  if (query.ok()) return SpellingForm(*query);
  return absl::DataLossError(absl::StrCat("the index holds a keyword that is no query: ", query.status().message(),
                                          "; publish another version"));
}

// One list as it is stored, or the mean of several.
std::vector<MergedCandidate> Ranked(const SimilarLists::Answer& answer) {
  if (!answer.respelling) return MergeLists(answer.lists);
  std::vector<MergedCandidate> ranked;
  for (const Candidate& candidate : answer.lists.front().list.candidates) {
    ranked.push_back({candidate.score, 0, static_cast<uint32_t>(ranked.size())});
  }
  return ranked;
}

}  // namespace

Recommender::Recommender(std::shared_ptr<const IndexReader> reader)
    : reader_(std::move(reader)), similar_(std::make_unique<SimilarLists>(*reader_)) {}

Recommender::~Recommender() = default;

absl::StatusOr<std::optional<Recommendation>> Recommender::RecommendOwn(absl::string_view market,
                                                                        const NormalizedQuery& query,
                                                                        size_t limit) const {
  if (query.empty()) return Recommendation();
  ASSIGN_OR_RETURN(std::optional<RelatedList> list, reader_->Find(market, query, limit));
  if (!list.has_value()) return std::nullopt;
  return Recommendation{.match = MatchKind::kExact, .candidates = std::move(list->candidates), .via = {}};
}

absl::StatusOr<Recommendation> Recommender::Recommend(absl::string_view market, const NormalizedQuery& query,
                                                      size_t limit) const {
  ASSIGN_OR_RETURN(std::optional<Recommendation> own, RecommendOwn(market, query, limit));
  if (own.has_value()) return *std::move(own);
  Recommendation recommendation;
  ASSIGN_OR_RETURN(SimilarLists::Answer answer, similar_->Find(market, query));
  // Only the keywords that are shown, and those passed over on the way, are looked at: forms cost microseconds each.
  std::vector<SpellingForm> taken = {SpellingForm(query)};
  for (const MergedCandidate& merged : Ranked(answer)) {
    if (recommendation.candidates.size() == limit) break;
    RelatedList& source = answer.lists[merged.list].list;
    ASSIGN_OR_RETURN(SpellingForm form, FormOf(source.candidates[merged.place]));
    // One stored list holds no two respellings already.
    const auto end = answer.respelling ? taken.begin() + 1 : taken.end();
    if (std::any_of(taken.begin(), end, [&](const SpellingForm& other) { return IsRespelling(form, other); })) continue;
    taken.push_back(std::move(form));
    recommendation.candidates.push_back(std::move(source.candidates[merged.place]));
    recommendation.candidates.back().score = merged.score;
    recommendation.via.push_back(similar_->MayShow(source) ? source.display : "");
  }
  if (!recommendation.candidates.empty()) recommendation.match = MatchKind::kSimilar;
  return recommendation;
}

}  // namespace kindred
