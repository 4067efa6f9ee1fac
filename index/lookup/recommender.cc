#include "index/lookup/recommender.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/status_macros.h"
#include "index/lookup/list_merger.h"
#include "index/lookup/similar_lists.h"
#include "index/text/respelling.h"

namespace kindred {
namespace {

// A list of fewer is filled with what is similar: a row of one or two keywords tells a shopper that a shop knows
// little. On the log of docs/relevance.md that raises hit@10 by .002, and lowers it nowhere; filling longer ones adds
// nothing.
constexpr size_t kFewKeywords = 5;

bool IsShort(const Recommendation& own, size_t limit) {
  return own.match == MatchKind::kExact && own.candidates.size() < std::min(limit, kFewKeywords);
}

absl::StatusOr<NormalizedQuery> QueryOf(absl::string_view keyword) {
  absl::StatusOr<NormalizedQuery> query = NormalizeQuery(keyword);
  if (query.ok()) return query;
  return absl::DataLossError(absl::StrCat("the index holds a keyword that is no query: ", query.status().message(),
                                          "; publish another version"));
}

// One list as it is stored, or the mean of several.
std::vector<MergedCandidate> Ranked(const SimilarLists::Answer& answer) {
  if (!answer.respelling) return MergeLists(answer.lists);
  std::vector<MergedCandidate> ranked;
  for (const CandidateView& candidate : answer.lists.front().list.candidates) {
    ranked.push_back({candidate.score, 0, static_cast<uint32_t>(ranked.size())});
  }
  return ranked;
}

// Scores that go on from the last of an own list. A share is a softmax: its logarithm is on a list's scale.
void GoOnFrom(float last, bool are_shares, std::vector<MergedCandidate>& ranked) {
  if (ranked.empty()) return;
  const float best = ranked.front().score;
  for (MergedCandidate& merged : ranked) {
    merged.score = last + (are_shares ? std::log(merged.score / best) : merged.score - best);
  }
}

}  // namespace

Recommender::Recommender(std::shared_ptr<const IndexReader> reader, std::shared_ptr<const Blocklist> blocklist)
    : reader_(std::move(reader)),
      blocklist_(blocklist == nullptr || blocklist->empty() ? nullptr : std::move(blocklist)),
      similar_(std::make_unique<SimilarLists>(*reader_)) {}

Recommender::~Recommender() = default;

absl::StatusOr<std::optional<Recommendation>> Recommender::Own(absl::string_view market, const NormalizedQuery& query,
                                                               size_t limit) const {
  if (query.empty()) return Recommendation();
  const size_t read = blocklist_ == nullptr ? limit : kMaxCandidates;
  ASSIGN_OR_RETURN(std::optional<RelatedListView> list, reader_->Find(market, query, read));
  if (!list.has_value()) return std::nullopt;
  Recommendation own{.match = MatchKind::kExact, .candidates = {}, .via = {}, .owner = std::move(list->owner)};
  if (blocklist_ == nullptr) {
    own.candidates = std::move(list->candidates);
    return own;
  }
  for (const CandidateView& candidate : list->candidates) {
    if (own.candidates.size() == limit) break;
    ASSIGN_OR_RETURN(const NormalizedQuery keyword, QueryOf(candidate.keyword));
    if (!blocklist_->Blocks(keyword)) own.candidates.push_back(candidate);
  }
  if (own.candidates.empty()) return std::nullopt;
  return own;
}

// Of a near query, where it may be shown.
std::string Recommender::NameOf(const RelatedListView& near) const {
  if (!similar_->MayShow(near)) return "";
  if (blocklist_ == nullptr) return std::string(near.display);
  const absl::StatusOr<NormalizedQuery> query = NormalizeQuery(near.display);
  return query.ok() && !blocklist_->Blocks(*query) ? std::string(near.display) : "";
}

absl::StatusOr<std::optional<Recommendation>> Recommender::RecommendOwn(absl::string_view market,
                                                                        const NormalizedQuery& query,
                                                                        size_t limit) const {
  ASSIGN_OR_RETURN(std::optional<Recommendation> own, Own(market, query, limit));
  if (own.has_value() && IsShort(*own, limit)) return std::nullopt;
  return own;
}

absl::StatusOr<Recommendation> Recommender::Recommend(absl::string_view market, const NormalizedQuery& query,
                                                      size_t limit) const {
  ASSIGN_OR_RETURN(std::optional<Recommendation> own, Own(market, query, limit));
  if (own.has_value() && !IsShort(*own, limit)) return *std::move(own);
  Recommendation recommendation = own.has_value() ? *std::move(own) : Recommendation();
  std::vector<CandidateView>& candidates = recommendation.candidates;
  ASSIGN_OR_RETURN(SimilarLists::Answer answer, similar_->Find(market, query));
  std::vector<MergedCandidate> ranked = Ranked(answer);
  if (!candidates.empty()) GoOnFrom(candidates.back().score, !answer.respelling, ranked);
  // Only the keywords that are shown, and those passed over on the way, are looked at: forms cost microseconds each.
  std::vector<SpellingForm> taken = {SpellingForm(query)};
  for (const CandidateView& candidate : candidates) {
    ASSIGN_OR_RETURN(const NormalizedQuery keyword, QueryOf(candidate.keyword));
    taken.emplace_back(keyword);
  }
  recommendation.via.resize(candidates.size());
  std::vector<std::string> names;
  for (const WeightedList& list : answer.lists) names.push_back(NameOf(list.list));
  // One stored list holds no two respellings already.
  const size_t others = answer.respelling ? taken.size() : std::numeric_limits<size_t>::max();
  for (const MergedCandidate& merged : ranked) {
    if (candidates.size() == limit) break;
    const RelatedListView& source = answer.lists[merged.list].list;
    ASSIGN_OR_RETURN(const NormalizedQuery keyword, QueryOf(source.candidates[merged.place].keyword));
    if (blocklist_ != nullptr && blocklist_->Blocks(keyword)) continue;
    SpellingForm form(keyword);
    const auto compared = absl::MakeConstSpan(taken).subspan(0, others);
    if (absl::c_any_of(compared, [&](const SpellingForm& other) { return IsRespelling(form, other); })) continue;
    taken.push_back(std::move(form));
    candidates.push_back(source.candidates[merged.place]);
    candidates.back().score = merged.score;
    recommendation.via.push_back(names[merged.list]);
  }
  std::vector<std::shared_ptr<const void>> owners = {std::move(recommendation.owner)};
  for (WeightedList& list : answer.lists) owners.push_back(std::move(list.list.owner));
  recommendation.owner = std::make_shared<const std::vector<std::shared_ptr<const void>>>(std::move(owners));
  if (recommendation.match == MatchKind::kNone && !candidates.empty()) recommendation.match = MatchKind::kSimilar;
  return recommendation;
}

}  // namespace kindred
