#include "index/lookup/similar_lists.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/text/grams.h"
#include "index/text/respelling.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

constexpr size_t kMostParts = 2;  // Beside what is near.

std::optional<uint32_t> MinUsers(const index::v1::IndexInfo& info) {
  const auto parameter = info.parameters().find("min_users");
  uint32_t min_users = 0;
  if (parameter == info.parameters().end() || !absl::SimpleAtoi(parameter->second, &min_users)) return std::nullopt;
  return min_users;
}

// The near query as a keyword of its own list, level with the best: the nearest that a shopper could search instead.
CandidateView OwnForm(const NormalizedQuery& query, const RelatedListView& list, size_t shared_words,
                      size_t all_words) {
  CandidateView own;
  own.keyword = list.display;
  own.query_fingerprint = QueryFingerprint(query);
  own.score = list.candidates.front().score;
  own.evidence.shared_words = static_cast<uint32_t>(shared_words);
  own.signals[kJaccard] = static_cast<float>(shared_words) / static_cast<float>(all_words);
  return own;
}

// What one person typed decides nothing.
double TrustOf(uint32_t users) {
  constexpr double kUsers = 10;  // Of whom a list has half the weight.
  return std::max(1U, users) / (kUsers + users);
}

// How much a near query's list counts, but for its users. "貓砂 推薦" is nearer to "耳機 推薦" than to "貓砂" where
// many queries hold "貓砂": the share of the known query that the asked one holds tells them apart.
double WeightOf(const Neighbour& neighbour, double query_norm, double norm) {
  const double held = std::min(1.0, neighbour.cosine * query_norm / norm);
  return neighbour.cosine * held;
}

// The same of a query whose words the asked one holds all, and which has so much of its squared norm: their cosine, but
// for the grams where the part is cut off.
double WeightOfPart(double share, uint32_t users) { return std::sqrt(share) * TrustOf(users); }

}  // namespace

SimilarLists::SimilarLists(const IndexReader& reader) : reader_(reader), min_users_(MinUsers(reader.info())) {}

absl::StatusOr<SimilarLists::Answer> SimilarLists::Find(absl::string_view market, const NormalizedQuery& query) const {
  Answer answer;
  ASSIGN_OR_RETURN(const std::optional<NormalizedQuery> stripped, reader_.FindStripped(market, StrippedForm(query)));
  if (stripped.has_value() && !(*stripped == query)) {
    ASSIGN_OR_RETURN(RelatedListView list, ListOf(market, *stripped));
    answer.lists.push_back({std::move(list), 1});
    answer.respelling = true;
    return answer;
  }
  ASSIGN_OR_RETURN(NearQueries near, Nearest(market, query));
  ASSIGN_OR_RETURN(std::optional<RelatedListView> respelling, OfRespelling(market, query, near));
  if (respelling.has_value()) {
    answer.lists.push_back({*std::move(respelling), 1});
    answer.respelling = true;
    return answer;
  }
  for (NearQuery& known : near.queries) {
    ASSIGN_OR_RETURN(known.answer.list, ListOf(market, known.query));
    known.answer.weight *= TrustOf(known.answer.list.users);
  }
  const auto segmenter = segmenters_.Borrow();
  if (*segmenter == nullptr) {
    ASSIGN_OR_RETURN(*segmenter, WordSegmenter::Create());
  }
  std::vector<absl::string_view> words = (*segmenter)->Words(query);
  RETURN_IF_ERROR(AddParts(market, query, words, near));
  if (min_users_.has_value()) AddOwnForms(std::move(words), **segmenter, near.queries);
  for (NearQuery& known : near.queries) answer.lists.push_back(std::move(known.answer));
  return answer;
}

absl::StatusOr<RelatedListView> SimilarLists::ListOf(absl::string_view market, const NormalizedQuery& known) const {
  ASSIGN_OR_RETURN(std::optional<RelatedListView> list, reader_.Find(market, known));
  if (list.has_value()) return *std::move(list);
  return absl::DataLossError(
      absl::StrCat("the index refers to a query without a list: \"", known.text(), "\"; publish another version"));
}

absl::StatusOr<SimilarLists::NearQueries> SimilarLists::Nearest(absl::string_view market,
                                                                const NormalizedQuery& query) const {
  const std::vector<Gram> grams = DistinctGrams(query);
  ASSIGN_OR_RETURN(const std::vector<GramList> lists, reader_.GramLists(market, grams));
  const Norms& norms = reader_.norms(market);
  const Neighbours found = searches_.Borrow()->Search(norms, lists);
  NearQueries near{.queries = {}, .query_norm = found.query_norm, .grams = {}};
  for (size_t i = 0; i < grams.size(); ++i) {
    if (lists[i].document_frequency() == 0) continue;
    const double weight = GramWeight(norms.documents(), lists[i].document_frequency());
    near.grams.emplace_back(grams[i], weight * weight);
  }
  for (const Neighbour& neighbour : found.nearest) {
    ASSIGN_OR_RETURN(NormalizedQuery known, reader_.DocumentQuery(market, neighbour.document));
    if (known == query) continue;
    const double weight = WeightOf(neighbour, found.query_norm, norms.of(neighbour.document));
    near.queries.push_back({std::move(known), {.list = {}, .weight = weight}});
  }
  return near;
}

absl::StatusOr<std::optional<RelatedListView>> SimilarLists::OfRespelling(absl::string_view market,
                                                                          const NormalizedQuery& query,
                                                                          const NearQueries& near) const {
  const SpellingForm form(query);
  std::optional<RelatedListView> of_most_users;
  for (const NearQuery& known : near.queries) {
    if (!IsRespelling(form, SpellingForm(known.query))) continue;
    ASSIGN_OR_RETURN(RelatedListView list, ListOf(market, known.query));
    if (!of_most_users.has_value() || list.users > of_most_users->users) of_most_users = std::move(list);
  }
  return of_most_users;
}

// Known parts of the query. The search misses them where many queries hold them, and where the words stand in another
// order (飼料狗, 狗飼料).
absl::Status SimilarLists::AddParts(absl::string_view market, const NormalizedQuery& query,
                                    absl::Span<const absl::string_view> words, NearQueries& near) const {
  std::vector<NearQuery> parts;
  for (const QueryPart& part : PartsOf(query, words)) {
    ASSIGN_OR_RETURN(std::optional<RelatedListView> list, reader_.Find(market, part.query));
    if (!list.has_value()) continue;
    const double share = ShareOf(part, near);
    if (share == 0) continue;  // A short word inside a longer query may share no gram with it.
    const double weight = WeightOfPart(share, list->users);
    const auto known = absl::c_find_if(near.queries, [&](const NearQuery& other) { return other.query == part.query; });
    if (known != near.queries.end()) {
      known->answer.weight = std::max(known->answer.weight, weight);
    } else {
      parts.push_back({part.query, {*std::move(list), weight}});
    }
  }
  absl::c_stable_sort(parts, [](const NearQuery& a, const NearQuery& b) { return a.answer.weight > b.answer.weight; });
  if (parts.size() > kMostParts) parts.erase(parts.begin() + kMostParts, parts.end());
  std::move(parts.begin(), parts.end(), std::back_inserter(near.queries));
  return absl::OkStatus();
}

// How much of the query's squared norm a part has.
double SimilarLists::ShareOf(const QueryPart& part, const NearQueries& near) {
  if (part.has_all_words) return 1;
  double weight2 = 0;
  auto own = near.grams.begin();
  for (const Gram gram : DistinctGrams(part.query)) {
    while (own != near.grams.end() && own->first < gram) ++own;
    if (own == near.grams.end()) break;
    if (own->first == gram) weight2 += own->second;
  }
  return weight2 == 0 ? 0 : weight2 / (near.query_norm * near.query_norm);
}

void SimilarLists::AddOwnForms(std::vector<absl::string_view> words, WordSegmenter& segmenter,
                               std::vector<NearQuery>& near) const {
  absl::c_sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  for (NearQuery& known : near) {
    RelatedListView& list = known.answer.list;
    if (list.users < *min_users_) continue;
    const std::vector<absl::string_view> known_words = segmenter.DistinctWords(known.query);
    std::vector<absl::string_view> shared;
    absl::c_set_intersection(words, known_words, std::back_inserter(shared));
    if (shared.empty()) continue;
    const size_t all = words.size() + known_words.size() - shared.size();
    list.candidates.insert(list.candidates.begin(), OwnForm(known.query, list, shared.size(), all));
  }
}

}  // namespace kindred
