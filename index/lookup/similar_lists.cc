#include "index/lookup/similar_lists.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/text/grams.h"
#include "index/text/respelling.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

std::optional<uint32_t> MinUsers(const index::v1::IndexInfo& info) {
  const auto parameter = info.parameters().find("min_users");
  uint32_t min_users = 0;
  if (parameter == info.parameters().end() || !absl::SimpleAtoi(parameter->second, &min_users)) return std::nullopt;
  return min_users;
}

// The near query as a keyword of its own list, level with the best: the nearest that a shopper could search instead.
Candidate OwnForm(const NormalizedQuery& query, const RelatedList& list, size_t shared_words, size_t all_words) {
  Candidate own;
  own.keyword = list.display;
  own.query_fingerprint = QueryFingerprint(query);
  own.score = list.candidates.front().score;
  own.evidence.shared_words = static_cast<uint32_t>(shared_words);
  own.signals[kJaccard] = static_cast<float>(shared_words) / static_cast<float>(all_words);
  return own;
}

// How much a near query's list counts. "貓砂 推薦" is nearer to "耳機 推薦" than to "貓砂" where many queries hold
// "貓砂": the share of the known query that the asked one holds tells them apart. And what one person typed decides
// nothing.
double WeightOf(const Neighbour& neighbour, double query_norm, double norm, uint32_t users) {
  constexpr double kUsers = 10;  // Of whom a list has half the weight.
  const double held = std::min(1.0, neighbour.cosine * query_norm / norm);
  return neighbour.cosine * held * std::max(1U, users) / (kUsers + users);
}

}  // namespace

SimilarLists::SimilarLists(const IndexReader& reader) : reader_(reader), min_users_(MinUsers(reader.info())) {}

absl::StatusOr<SimilarLists::Answer> SimilarLists::Find(absl::string_view market, const NormalizedQuery& query) const {
  Answer answer;
  ASSIGN_OR_RETURN(const std::optional<NormalizedQuery> stripped, reader_.FindStripped(market, StrippedForm(query)));
  if (stripped.has_value() && !(*stripped == query)) {
    ASSIGN_OR_RETURN(RelatedList list, ListOf(market, *stripped));
    answer.lists.push_back({std::move(list), 1});
    answer.respelling = true;
    return answer;
  }
  ASSIGN_OR_RETURN(std::vector<NearQuery> near, Nearest(market, query));
  const SpellingForm form(query);
  NearQuery* respelling = nullptr;
  for (NearQuery& known : near) {
    if (!IsRespelling(form, SpellingForm(known.query))) continue;
    if (respelling == nullptr || known.answer.list.users > respelling->answer.list.users) respelling = &known;
  }
  if (respelling != nullptr) {
    answer.lists.push_back(std::move(respelling->answer));
    answer.respelling = true;
    return answer;
  }
  RETURN_IF_ERROR(AddOwnForms(query, near));
  for (NearQuery& known : near) answer.lists.push_back(std::move(known.answer));
  return answer;
}

absl::StatusOr<RelatedList> SimilarLists::ListOf(absl::string_view market, const NormalizedQuery& known) const {
  ASSIGN_OR_RETURN(std::optional<RelatedList> list, reader_.Find(market, known));
  if (list.has_value()) return *std::move(list);
  return absl::DataLossError(
      absl::StrCat("the index refers to a query without a list: \"", known.text(), "\"; publish another version"));
}

absl::StatusOr<std::vector<SimilarLists::NearQuery>> SimilarLists::Nearest(absl::string_view market,
                                                                           const NormalizedQuery& query) const {
  const std::vector<Gram> grams = DistinctGrams(query);
  ASSIGN_OR_RETURN(const std::vector<GramList> lists, reader_.GramLists(market, grams));
  const Norms& norms = reader_.norms(market);
  const Neighbours found = searches_.Borrow()->Search(norms, lists, grams.size() - lists.size());
  std::vector<NearQuery> near;
  for (const Neighbour& neighbour : found.nearest) {
    ASSIGN_OR_RETURN(NormalizedQuery known, reader_.DocumentQuery(market, neighbour.document));
    if (known == query) continue;
    ASSIGN_OR_RETURN(RelatedList list, ListOf(market, known));
    const double weight = WeightOf(neighbour, found.query_norm, norms.of(neighbour.document), list.users);
    near.push_back({std::move(known), {std::move(list), weight}});
  }
  return near;
}

absl::Status SimilarLists::AddOwnForms(const NormalizedQuery& query, std::vector<NearQuery>& near) const {
  if (!min_users_.has_value() || near.empty()) return absl::OkStatus();
  const auto segmenter = segmenters_.Borrow();
  if (*segmenter == nullptr) {
    ASSIGN_OR_RETURN(*segmenter, WordSegmenter::Create());
  }
  const std::vector<absl::string_view> words = (*segmenter)->DistinctWords(query);
  for (NearQuery& known : near) {
    RelatedList& list = known.answer.list;
    if (list.users < *min_users_) continue;
    const std::vector<absl::string_view> known_words = (*segmenter)->DistinctWords(known.query);
    std::vector<absl::string_view> shared;
    std::set_intersection(words.begin(), words.end(), known_words.begin(), known_words.end(),
                          std::back_inserter(shared));
    if (shared.empty()) continue;
    const size_t all = words.size() + known_words.size() - shared.size();
    list.candidates.insert(list.candidates.begin(), OwnForm(known.query, list, shared.size(), all));
  }
  return absl::OkStatus();
}

}  // namespace kindred
