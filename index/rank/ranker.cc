#include "index/rank/ranker.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace kindred {
namespace {

// How far ahead what is known of candidates is fetched. At the end, the last one is fetched again and again, which is
// cheaper than to ask whether there is another.
constexpr size_t kFetchAhead = 16;

// A number that ascends where the score descends. REQUIRES: not NaN.
uint32_t Descending(float score) {
  const auto bits = std::bit_cast<uint32_t>(score + 0.f);  // Of -0: 0.
  return (bits >> 31) != 0 ? bits : ~bits & 0x7FFFFFFF;
}

}  // namespace

Ranker::Ranker(std::shared_ptr<const RankTables> tables)
    : tables_(std::move(tables)),
      sums_(tables_),
      screen_(tables_),
      product_source_(tables_->products.queries_of_product.rows()) {
  if (tables_->options.drop_respellings) respellings_.emplace(tables_);
}

absl::StatusOr<std::unique_ptr<Ranker>> Ranker::Create(const EventTable& table, const MinedLog& mined,
                                                       const RankOptions& options) {
  ASSIGN_OR_RETURN(std::shared_ptr<const RankTables> tables, RankTables::Create(table, mined, options));
  return std::make_unique<Ranker>(std::move(tables));
}

void Ranker::StartSource(QueryId source) {
  if (tables_->memory != nullptr) tables_->memory->KeepToBudget();  // Rows lie all over the tables.
  source_ = source;
  source_words_ = tables_->WordsOf(source);
  source_tags_.Clear();
  for (size_t i = 0; i < source_words_.words.size(); ++i) {
    source_tags_.Add(tables_->words.tags[source_words_.words[i]], source_words_.is_hub[i] != 0);
  }
  MarkProducts(source);
}

// Which of the touched queries are candidates, to candidates_. Most have no evidence, which is cheaper to see than to
// score.
void Ranker::FindCandidates(Which which) {
  const absl::Span<const PairSums> sums = sums_.touched();
  const absl::Span<const Neighbor> row = tables_->neighbors.rows[source_];
  const QueryMarks* const all_marks = tables_->marks.data();
  if (touched_.size() <= sums.size()) touched_.resize(sums.size() + 1);
  Touched* next = touched_.data();
  const uint32_t wanted_marks = product_marks_;
  const auto fetch = [&](size_t i) { __builtin_prefetch(&all_marks[sums[std::min(i, sums.size() - 1)].id]); };
  for (size_t i = 0; i < kFetchAhead && !sums.empty(); ++i) fetch(i);
  for (uint32_t i = 0; i < sums.size(); ++i) {
    fetch(i + kFetchAhead);
    const QueryMarks& marks = all_marks[sums[i].id];
    const TagMatcher::Match match = source_tags_.Find(marks);
    SharedWords shared{.all = match.all, .hubs = match.hubs};
    if (!match.certain) shared = tables_->WordsShared(source_words_, sums[i].id);
    // Member by member: a copy of the whole would have to wait for them.
    Touched& touched = *next;
    touched.query = sums[i].id;
    touched.sum = i;
    touched.users = touched.users_after = 0;
    if (i < row.size() && row[i].evident) {
      touched.users = row[i].users;
      touched.users_after = row[i].users_after;
    }
    touched.words = static_cast<uint16_t>(shared.all);
    touched.shared_words = static_cast<uint16_t>(shared.Evident(source_words_));
    touched.products = static_cast<uint16_t>(sums[i].products);
    touched.product_marks = marks.products;
    const bool may = which == Which::kAll || touched.evident() || (touched.product_marks & wanted_marks) != 0;
    next += static_cast<std::ptrdiff_t>(may && touched.query != source_);
  }
  candidates_ = absl::MakeConstSpan(touched_.data(), static_cast<size_t>(next - touched_.data()));
}

void Ranker::AppendPairs() {
  const PairSums* const sums = sums_.touched().data();
  const absl::Span<const Neighbor> row = tables_->neighbors.rows[source_];
  const TargetFacts* const facts = tables_->facts.data();
  const size_t size = candidates_.size();
  const auto fetch = [&](size_t i) { __builtin_prefetch(&facts[candidates_[std::min(i, size - 1)].query]); };
  for (size_t i = 0; i < kFetchAhead && size > 0; ++i) fetch(i);
  for (size_t i = 0; i < size; ++i) {
    fetch(i + kFetchAhead);
    const Touched& touched = candidates_[i];
    PairSearches searches;
    if (touched.sum < row.size()) {
      const Neighbor& neighbor = row[touched.sum];
      searches = {.together = neighbor.users + neighbor.sessions, .next = neighbor.users_next};
    }
    columns_.Append(sums[touched.sum], searches, facts[touched.query], touched.words);
  }
}

// Fills candidates_ and columns_.
void Ranker::ScoreAll(QueryId source, Which which) {
  StartSource(source);
  const bool is_screened = which == Which::kMayHaveEvidence && product_marks_ == 0 &&
                           screen_.Start(source, source_words_, sums_.Touches(source));
  const SourceSums source_sums = sums_.Sum(source, is_screened ? &screen_ : nullptr);
  FindCandidates(which);
  columns_.Start(source_sums, candidates_.size());
  AppendPairs();
  columns_.Finish(tables_->options.weights);
}

absl::Span<const ScoredQuery> Ranker::Candidates(QueryId source) {
  ScoreAll(source, Which::kAll);
  scored_.clear();
  for (size_t i = 0; i < candidates_.size(); ++i) {
    const Touched& touched = candidates_[i];
    scored_.push_back({touched.query, touched.users, touched.users_after, columns_.score(i), columns_.signals(i)});
  }
  return scored_;
}

Ranker::Place Ranker::PlaceOf(uint32_t at) const { return uint64_t{Descending(columns_.score(at))} << 32 | at; }

// The order among candidates of one score.
bool Ranker::BeforeTied(Place x, Place y) const {
  const Touched &a = candidates_[At(x)], &b = candidates_[At(y)];
  if (a.users != b.users) return a.users > b.users;
  return tables_->keywords[a.query].display < tables_->keywords[b.query].display;
}

void Ranker::SortTied(Places::iterator begin, Places::iterator end) const {
  std::sort(begin, end, [&](Place x, Place y) { return BeforeTied(x, y); });
}

// Drops all but the first `limit`, which are left in no order.
void Ranker::KeepFirst(Places& places, size_t limit) const {
  if (places.size() <= limit) return;
  const auto cut = places.begin() + static_cast<std::ptrdiff_t>(limit);
  std::nth_element(places.begin(), cut, places.end());
  const uint64_t score = ScoreOf(*cut);
  const auto is_tied = [score](Place place) { return ScoreOf(place) == score; };
  if (std::any_of(places.begin(), cut, is_tied)) {
    const auto first = std::partition(places.begin(), cut, [&](Place place) { return !is_tied(place); });
    SortTied(first, std::partition(cut, places.end(), is_tied));
  }
  places.resize(limit);
}

void Ranker::Sort(Places& places) const {
  std::sort(places.begin(), places.end());
  for (auto begin = places.begin(); begin != places.end();) {
    auto end = begin + 1;
    while (end != places.end() && ScoreOf(*end) == ScoreOf(*begin)) ++end;
    if (end - begin > 1) SortTied(begin, end);
    begin = end;
  }
}

std::vector<ScoredQuery> Ranker::Score(QueryId source) {
  Candidates(source);
  places_.clear();
  for (uint32_t i = 0; i < candidates_.size(); ++i) places_.push_back(PlaceOf(i));
  Sort(places_);
  std::vector<ScoredQuery> result;
  for (const Place place : places_) result.push_back(scored_[At(place)]);
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
  const Touched& touched = candidates_[candidate];
  return touched.evident() || SharedProducts(touched) > 0;
}

// The best `limit` candidates that have evidence or fill the list, to places_. Products that
// the rows did not count are looked for only where they could change the list.
void Ranker::TakeBest(size_t limit) {
  places_.clear();
  unclear_.clear();
  for (uint32_t i = 0; i < candidates_.size(); ++i) {
    (candidates_[i].evident() ? places_ : unclear_).push_back(PlaceOf(i));
  }
  KeepFirst(places_, limit);
  uint64_t last = places_.size() < limit ? UINT64_MAX : 0;
  for (const Place place : places_) last = std::max(last, ScoreOf(place));
  fill_.clear();
  const auto too_low = [last](Place place) { return ScoreOf(place) > last; };
  unclear_.erase(std::remove_if(unclear_.begin(), unclear_.end(), too_low), unclear_.end());
  const auto& evidence = tables_->products.evidence_of_query;
  for (const Place place : unclear_) evidence.PrefetchPlace(candidates_[At(place)].query);
  for (const Place place : unclear_) evidence.PrefetchRow(candidates_[At(place)].query);
  for (const Place place : unclear_) {
    (SharedProducts(candidates_[At(place)]) > 0 ? places_ : fill_).push_back(place);
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
  for (const Place place : places_) best_queries_.push_back(candidates_[At(place)].query);
  size_t kept = 0;
  for (const uint32_t i : respellings_->Keep(source, best_queries_)) places_[kept++] = places_[i];
  places_.resize(kept);
}

Candidate Ranker::CandidateButKeyword(uint32_t at) const {
  const Touched& touched = candidates_[at];
  return {.keyword = std::string(),
          .query_fingerprint = tables_->keywords[touched.query].fingerprint,
          .score = columns_.score(at),
          .evidence = {.users = touched.users,
                       .users_after = touched.users_after,
                       .shared_products = SharedProducts(touched),
                       .shared_words = touched.shared_words},
          .signals = columns_.signals(at)};
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
      const absl::Span<const WordId> of_query = t.words.words_of_query[entry.query];
      const bool shares = std::binary_search(of_query.begin(), of_query.end(), words.words[i]);
      if (shares && takes(entry.query)) return true;
    }
  }
  return false;
}

bool Ranker::HasList(QueryId source) {
  return tables_->MayHaveList(source) && (HasEasyKeyword(source) || FindBest(source));
}

// The list to store, to places_. False: there is none.
bool Ranker::FindBest(QueryId source) {
  const RankOptions& options = tables_->options;
  if (!tables_->MayHaveList(source)) return false;
  ScoreAll(source, options.popular_fill > 0 ? Which::kAll : Which::kMayHaveEvidence);
  if (!options.drop_respellings) {
    TakeBest(options.list_size);
    return !places_.empty();
  }
  // More than the list, so that enough is left once respellings are gone.
  for (const size_t limit : {options.list_size + (options.list_size + 3) / 4, 2 * options.list_size}) {
    TakeBest(limit);
    const bool more = places_.size() == limit;
    DropRespellings(source);
    if (!more || places_.size() >= options.list_size) break;
  }
  if (places_.size() > options.list_size) places_.resize(options.list_size);
  return !places_.empty();
}

std::optional<RelatedList> Ranker::Rank(QueryId source) {
  if (!FindBest(source)) return std::nullopt;
  const KeywordFacts& facts = tables_->keywords[source];
  RelatedList list{.display = std::string(facts.display), .users = facts.users, .candidates = {}};
  list.candidates.reserve(places_.size());
  for (const Place place : places_) {
    list.candidates.push_back(CandidateButKeyword(At(place)));
    list.candidates.back().keyword = std::string(tables_->keywords[candidates_[At(place)].query].display);
  }
  return list;
}

absl::StatusOr<bool> Ranker::Encode(QueryId source, EncodedList& list) {
  if (!FindBest(source)) return false;
  const KeywordFacts& facts = tables_->keywords[source];
  StartList(list, facts.users, facts.display, static_cast<uint32_t>(places_.size()));
  for (const Place place : places_) {
    __builtin_prefetch(tables_->keywords[candidates_[At(place)].query].display.data());
  }
  for (const Place place : places_) {
    const Candidate candidate = CandidateButKeyword(At(place));
    const absl::string_view keyword = tables_->keywords[candidates_[At(place)].query].display;
    if (!std::isfinite(candidate.score) || keyword.empty() || keyword.size() > kMaxKeywordBytes) {
      return absl::InternalError(
          absl::StrCat("\"", facts.display, "\" -> \"", keyword, "\", score ", candidate.score, ": cannot be stored"));
    }
    AppendCandidate(list, keyword, candidate);
  }
  return true;
}

}  // namespace kindred
