#include "index/rank/ranker.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace kindred {
namespace {

// Fewest users of a query that gets a list of its own; the others are answered through near queries, which costs
// nothing at build time. On a thin log every list helps (hit@10 .275 beside .270, answered .987 beside .969); on a
// large one most queries are one person's, and ranking them doubles the time.
uint32_t MinSourceUsers(uint32_t min_users) { return min_users < 5 ? 1 : 2; }

// How far ahead the facts of candidates are fetched: memory answers in about the time that summing up sixteen takes.
constexpr size_t kFetchAhead = 16;

// A number that ascends where the score descends. REQUIRES: not NaN.
uint32_t Descending(float score) {
  const auto bits = std::bit_cast<uint32_t>(score + 0.f);  // Of -0: 0.
  return (bits >> 31) != 0 ? bits : ~bits & 0x7FFFFFFF;
}

// How many times the rows of the source touch a query, at most.
size_t Touches(const RankTables& t, QueryId source) {
  size_t touches = t.neighbors.rows[source].size() + t.popular.size();
  for (const WordId word : t.words.words_of_query[source]) touches += t.words.pools[word].size();
  for (const Step& product : t.products.products_of_query[source]) {
    touches += t.products.queries_of_product[product.id].size() + t.products.walk_of_product[product.id].size() +
               t.products.co_clicks_of_product[product.id].size();
  }
  return touches;
}

}  // namespace

Ranker::Ranker(std::shared_ptr<const RankTables> tables)
    : tables_(std::move(tables)), product_source_(tables_->products.queries_of_product.rows()) {
  if (tables_->options.drop_respellings) respellings_.emplace(tables_);
}

absl::StatusOr<std::unique_ptr<Ranker>> Ranker::Create(const EventTable& table, const MinedLog& mined,
                                                       const RankOptions& options) {
  ASSIGN_OR_RETURN(std::shared_ptr<const RankTables> tables, RankTables::Create(table, mined, options));
  return std::make_unique<Ranker>(std::move(tables));
}

// Adds up the source's own row, its words' pools and its products' rows. The cells of the row's neighbours come first,
// in the row's order.
SourceSums Ranker::SumRows(QueryId source) {
  const RankTables& t = *tables_;
  sums_.Clear(Touches(t, source));
  for (const Neighbor& neighbor : t.neighbors.rows[source]) sums_.at(neighbor.query);
  SourceSums result;
  const absl::Span<const WordId> words = t.words.words_of_query[source];
  result.words = static_cast<uint32_t>(words.size());
  for (const WordId word : words) {
    const double idf = t.words.idf[word];
    result.idf += idf;
    result.pool_users += idf * t.words.user_sums[word];
    const auto weight = static_cast<float>(idf);
    for (const PoolEntry& entry : t.words.pools[word]) {
      PairSums& sum = sums_.at(entry.query);
      sum.pool_users += weight * entry.users;
      sum.pool_sessions += weight * entry.sessions;
    }
  }
  for (const Step& product : t.products.products_of_query[source]) {
    const uint32_t counts = t.products.all_evident[product.id] ? 1 : 0;
    for (const QueryStep& step : t.products.queries_of_product[product.id]) {
      PairSums& sum = sums_.at(step.id);
      sum.walk1 += product.p * step.p;
      sum.products += step.evident & counts;
    }
    for (const Step& step : t.products.walk_of_product[product.id]) sums_.at(step.id).walk2 += product.p * step.p;
    for (const Step& step : t.products.co_clicks_of_product[product.id])
      sums_.at(step.id).co_click += product.p * step.p;
  }
  for (const QueryId query : t.popular) sums_.at(query);
  if (const PairSums* self = sums_.Find(source)) result.pool_users -= self->pool_users;
  return result;
}

// `neighbor`: of the source's row, where that holds the candidate.
inline void Ranker::AppendPair(const PairSums& sum, const Neighbor* neighbor) {
  const QueryFacts& facts = tables_->facts[sum.id];
  const auto at = static_cast<uint32_t>(columns_.size());
  if (facts.word_count > facts.words.size()) long_queries_.push_back(at);
  Touched& touched = touched_[at];
  touched = {.query = sum.id,
             .users = 0,
             .users_after = 0,
             .shared_words = 0,
             .products = sum.products,
             .product_marks = facts.products};
  PairSearches searches;
  if (neighbor != nullptr) {
    searches = {.together = neighbor->users + neighbor->sessions, .next = neighbor->users_next};
    if (neighbor->evident) {
      touched.users = neighbor->users;
      touched.users_after = neighbor->users_after;
    }
  }
  columns_.Append(sum, searches,
                  {.popularity = facts.popularity,
                   .recent = facts.recent,
                   .follow_up = facts.follow_up,
                   .words = facts.word_count});
  matches_.Append(facts.words);
}

// Fills in the words that candidates share with the source, and gives the number of each.
absl::Span<const uint32_t> Ranker::CountWords() {
  matches_.Count(source_words_.words, source_words_.is_hub);
  const absl::Span<uint32_t> all = matches_.all(), hubs = matches_.marked();
  for (const uint32_t at : long_queries_) {
    const SharedWords shared = tables_->WordsShared(source_words_, touched_[at].query);
    all[at] = shared.all;
    hubs[at] = shared.hubs;
  }
  for (size_t i = 0; i < touched_.size(); ++i) {
    touched_[i].shared_words = SharedWords{.all = all[i], .hubs = hubs[i]}.Evident(source_words_);
  }
  return all;
}

// Fills touched_ and columns_.
void Ranker::ScoreAll(QueryId source) {
  source_ = source;
  source_words_ = tables_->WordsOf(source);
  MarkProducts(source);
  const SourceSums source_sums = SumRows(source);
  const absl::Span<const PairSums> sums = sums_.touched();
  const absl::Span<const Neighbor> row = tables_->neighbors.rows[source];
  touched_.resize(sums.size());
  columns_.Start(source_sums, sums.size());
  matches_.Start(sums.size());
  long_queries_.clear();
  for (size_t i = 0; i < std::min(kFetchAhead, sums.size()); ++i) __builtin_prefetch(&tables_->facts[sums[i].id]);
  for (size_t i = 0; i < sums.size(); ++i) {
    if (i + kFetchAhead < sums.size()) __builtin_prefetch(&tables_->facts[sums[i + kFetchAhead].id]);
    if (sums[i].id != source) AppendPair(sums[i], i < row.size() ? &row[i] : nullptr);
  }
  touched_.resize(columns_.size());
  columns_.Finish(CountWords(), tables_->options.weights);
}

absl::Span<const ScoredQuery> Ranker::Candidates(QueryId source) {
  ScoreAll(source);
  scored_.clear();
  for (size_t i = 0; i < touched_.size(); ++i) {
    const Touched& touched = touched_[i];
    scored_.push_back({touched.query, touched.users, touched.users_after, columns_.scores()[i], columns_.signals(i)});
  }
  return scored_;
}

Ranker::Place Ranker::PlaceOf(uint32_t at) const {
  return {uint64_t{Descending(columns_.scores()[at])} << 32 | (UINT32_MAX - touched_[at].users), at};
}

bool Ranker::Before(const Place& x, const Place& y) const {
  if (x.key != y.key) return x.key < y.key;
  return tables_->keywords[touched_[x.at].query].display < tables_->keywords[touched_[y.at].query].display;
}

// Drops all but the first `limit`, which are left in no order.
void Ranker::KeepFirst(std::vector<Place>& places, size_t limit) const {
  if (places.size() <= limit) return;
  std::nth_element(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(limit), places.end(),
                   [&](const Place& x, const Place& y) { return Before(x, y); });
  places.resize(limit);
}

void Ranker::Sort(std::vector<Place>& places) const {
  std::sort(places.begin(), places.end(), [&](const Place& x, const Place& y) { return Before(x, y); });
}

std::vector<ScoredQuery> Ranker::Score(QueryId source) {
  Candidates(source);
  places_.clear();
  for (uint32_t i = 0; i < touched_.size(); ++i) places_.push_back(PlaceOf(i));
  Sort(places_);
  std::vector<ScoredQuery> result;
  for (const Place& place : places_) result.push_back(scored_[place.at]);
  return result;
}

// Marks the source's products of which its rows do not count all evidence.
void Ranker::MarkProducts(QueryId source) {
  const ProductWalks& products = tables_->products;
  const absl::Span<const Step> counted = products.products_of_query[source];
  product_marks_ = 0;
  auto step = counted.begin();
  for (const ItemId item : products.all_of_query[source]) {
    while (step != counted.end() && step->id < item) ++step;
    if (step != counted.end() && step->id == item && products.all_evident[item]) continue;
    product_source_[item] = source + 1;
    product_marks_ |= MarkOfProduct(item);
  }
}

// Those that the rows counted and those that they did not.
uint32_t Ranker::SharedProducts(const Touched& touched) const {
  if ((touched.product_marks & product_marks_) == 0) return touched.products;
  const absl::Span<const ItemId> items = tables_->products.evidence_of_query[touched.query];
  return touched.products + static_cast<uint32_t>(std::count_if(items.begin(), items.end(), [&](ItemId item) {
           return product_source_[item] == source_ + 1;
         }));
}

bool Ranker::HasEvidence(size_t candidate) const {
  const Touched& touched = touched_[candidate];
  return (touched.users | touched.shared_words) > 0 || SharedProducts(touched) > 0;
}

// The best `limit` candidates that have evidence or fill the list, to places_. Products that
// the rows did not count are looked for only where they could change the list.
void Ranker::TakeBest(size_t limit) {
  places_.clear();
  unclear_.clear();
  for (uint32_t i = 0; i < touched_.size(); ++i) {
    const bool evident = (touched_[i].users | touched_[i].shared_words | touched_[i].products) > 0;
    (evident ? places_ : unclear_).push_back(PlaceOf(i));
  }
  KeepFirst(places_, limit);
  uint64_t last = places_.size() < limit ? UINT64_MAX : 0;
  for (const Place& place : places_) last = std::max(last, place.key);
  fill_.clear();
  for (const Place& place : unclear_) {
    if (place.key > last) continue;
    (SharedProducts(touched_[place.at]) > 0 ? places_ : fill_).push_back(place);
  }
  if (tables_->options.popular_fill > 0) {
    KeepFirst(fill_, tables_->options.popular_fill);
    places_.insert(places_.end(), fill_.begin(), fill_.end());
  }
  KeepFirst(places_, limit);
  Sort(places_);
}

void Ranker::DropRespellings(QueryId source) {
  best_queries_.clear();
  for (const Place& place : places_) best_queries_.push_back(touched_[place.at].query);
  size_t kept = 0;
  for (const uint32_t i : respellings_->Keep(source, best_queries_)) places_[kept++] = places_[i];
  places_.resize(kept);
}

Candidate Ranker::CandidateButKeyword(uint32_t at) const {
  const Touched& touched = touched_[at];
  return {.keyword = std::string(),
          .query_fingerprint = tables_->keywords[touched.query].fingerprint,
          .score = columns_.scores()[at],
          .evidence = {.users = touched.users,
                       .users_after = touched.users_after,
                       .shared_products = SharedProducts(touched),
                       .shared_words = touched.shared_words},
          .signals = columns_.signals(at)};
}

bool Ranker::MayHaveList(QueryId source) const {
  const QueryCounts& counts = tables_->mined.counts[source];
  return counts.searches > 0 && counts.users >= MinSourceUsers(tables_->options.min_users);
}

// Whether a candidate with evidence that is no respelling of the source meets the eye; if not, there may be one all the
// same.
bool Ranker::HasEasyKeyword(QueryId source) {
  const RankTables& t = *tables_;
  const auto takes = [&](QueryId query) {
    return query != source && (!respellings_.has_value() || !respellings_->Keep(source, {query}).empty());
  };
  for (const Neighbor& neighbor : t.neighbors.rows[source]) {
    if (neighbor.evident && takes(neighbor.query)) return true;
  }
  for (const Step& product : t.products.products_of_query[source]) {
    if (!t.products.all_evident[product.id]) continue;
    for (const QueryStep& step : t.products.queries_of_product[product.id]) {
      if (step.evident != 0 && takes(step.id)) return true;
    }
  }
  const SourceWords words = t.WordsOf(source);
  for (size_t i = 0; i < words.words.size(); ++i) {
    if (words.is_hub[i] != 0) continue;
    for (const PoolEntry& entry : t.words.pools[words.words[i]]) {
      if (IsAmong(t.words.words_of_query[entry.query], words.words[i]) && takes(entry.query)) return true;
    }
  }
  return false;
}

bool Ranker::HasList(QueryId source) { return MayHaveList(source) && (HasEasyKeyword(source) || FindBest(source)); }

// The list to store, to places_. False: there is none.
bool Ranker::FindBest(QueryId source) {
  const RankOptions& options = tables_->options;
  if (!MayHaveList(source)) return false;
  ScoreAll(source);
  // Twice the list, so that enough is left once respellings are gone.
  TakeBest(options.drop_respellings ? 2 * options.list_size : options.list_size);
  if (options.drop_respellings) DropRespellings(source);
  if (places_.size() > options.list_size) places_.resize(options.list_size);
  return !places_.empty();
}

std::optional<RelatedList> Ranker::Rank(QueryId source) {
  if (!FindBest(source)) return std::nullopt;
  const KeywordFacts& facts = tables_->keywords[source];
  RelatedList list{.display = std::string(facts.display), .users = facts.users, .candidates = {}};
  list.candidates.reserve(places_.size());
  for (const Place& place : places_) {
    list.candidates.push_back(CandidateButKeyword(place.at));
    list.candidates.back().keyword = std::string(tables_->keywords[touched_[place.at].query].display);
  }
  return list;
}

absl::StatusOr<bool> Ranker::Encode(QueryId source, EncodedList& list) {
  if (!FindBest(source)) return false;
  const KeywordFacts& facts = tables_->keywords[source];
  StartList(list, facts.users, facts.display, static_cast<uint32_t>(places_.size()));
  for (const Place& place : places_) {
    const Candidate candidate = CandidateButKeyword(place.at);
    const absl::string_view keyword = tables_->keywords[touched_[place.at].query].display;
    if (!std::isfinite(candidate.score) || keyword.empty() || keyword.size() > kMaxKeywordBytes) {
      return absl::InternalError(
          absl::StrCat("\"", facts.display, "\" -> \"", keyword, "\", score ", candidate.score, ": cannot be stored"));
    }
    AppendCandidate(list, keyword, candidate);
  }
  return true;
}

}  // namespace kindred
