#include "index/rank/ranker.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "common/status_macros.h"

namespace kindred {
namespace {

// Fewest users of a query that gets a list of its own; the others are answered through near queries, which costs
// nothing at build time. On a thin log every list helps (hit@10 .275 beside .270, answered .987 beside .969); on a
// large one most queries are one person's, and ranking them doubles the time.
uint32_t MinSourceUsers(uint32_t min_users) { return min_users < 5 ? 1 : 2; }

// How far ahead the facts of candidates are fetched: memory answers in about the time that scoring eight of them takes.
constexpr size_t kFetchAhead = 8;

// A number that ascends where the score descends. REQUIRES: not NaN.
uint32_t Descending(float score) {
  const auto bits = std::bit_cast<uint32_t>(score + 0.f);  // Of -0: 0.
  return (bits >> 31) != 0 ? bits : ~bits & 0x7FFFFFFF;
}

}  // namespace

Ranker::Ranker(std::shared_ptr<const RankTables> tables)
    : tables_(std::move(tables)),
      sums_(static_cast<uint32_t>(tables_->table.queries.size())),
      product_source_(tables_->products.queries_of_product.rows()) {
  if (tables_->options.drop_respellings) respellings_.emplace(tables_);
}

absl::StatusOr<std::unique_ptr<Ranker>> Ranker::Create(const EventTable& table, const MinedLog& mined,
                                                       const RankOptions& options) {
  ASSIGN_OR_RETURN(std::shared_ptr<const RankTables> tables, RankTables::Create(table, mined, options));
  return std::make_unique<Ranker>(std::move(tables));
}

// Adds up the source's own row, its words' pools and its products' rows.
SourceSums Ranker::SumRows(QueryId source) {
  const RankTables& t = *tables_;
  sums_.Clear();
  for (const Neighbor& neighbor : t.neighbors.rows[source]) {
    PairSums& sum = sums_.at(neighbor.query);
    sum.users = neighbor.users;
    sum.users_after = neighbor.users_after;
    sum.users_next = neighbor.users_next;
    sum.evident = neighbor.evident;
    sum.sessions = neighbor.sessions;
  }
  SourceSums result;
  const absl::Span<const WordId> words = t.words.words_of_query[source];
  result.words = static_cast<uint32_t>(words.size());
  for (const WordId word : words) {
    const double idf = t.words.idf[word];
    result.idf += idf;
    result.pool_users += idf * t.words.user_sums[word];
    for (const PoolEntry& entry : t.words.pools[word]) {
      PairSums& sum = sums_.at(entry.query);
      sum.pool_users += static_cast<float>(idf * entry.users);
      sum.pool_sessions += static_cast<float>(idf * entry.sessions);
    }
  }
  for (const Step& product : t.products.products_of_query[source]) {
    for (const Step& step : t.products.queries_of_product[product.id]) sums_.at(step.id).walk1 += product.p * step.p;
    for (const Step& step : t.products.walk_of_product[product.id]) sums_.at(step.id).walk2 += product.p * step.p;
    for (const Step& step : t.products.co_clicks_of_product[product.id])
      sums_.at(step.id).co_click += product.p * step.p;
  }
  for (const QueryId query : t.popular) sums_.at(query);
  if (const PairSums* self = sums_.Find(source)) result.pool_users -= self->pool_users;
  return result;
}

absl::Span<const ScoredQuery> Ranker::Candidates(QueryId source) {
  MarkProducts(source);
  const SourceSums source_sums = SumRows(source);
  const absl::Span<const WordId> words = tables_->words.words_of_query[source];
  const absl::Span<const PairSums> sums = sums_.touched();
  scored_.clear();
  for (size_t i = 0; i < sums.size(); ++i) {
    if (i + kFetchAhead < sums.size()) __builtin_prefetch(&tables_->facts[sums[i + kFetchAhead].id]);
    const PairSums& sum = sums[i];
    if (sum.id == source) continue;
    const QueryFacts& facts = tables_->facts[sum.id];
    const Signals signals = SignalsOf(source_sums, sum,
                                      {.popularity = facts.popularity,
                                       .recent = facts.recent,
                                       .follow_up = facts.follow_up,
                                       .words = facts.word_count,
                                       .shared_words = tables_->SharedWords(words, sum.id)});
    const float score = std::inner_product(signals.begin(), signals.end(), tables_->options.weights.begin(), 0.f);
    scored_.push_back({sum.id, sum.evident ? sum.users : 0, sum.evident ? sum.users_after : 0, score, signals});
  }
  return scored_;
}

bool Ranker::Before(const Place& x, const Place& y) const {
  if (x.key != y.key) return x.key < y.key;
  const auto display = [&](const Place& place) -> const std::string& {
    return tables_->table.spellings[tables_->mined.counts[scored_[place.at].query].display].display;
  };
  return display(x) < display(y);
}

std::vector<ScoredQuery> Ranker::Score(QueryId source) {
  Candidates(source);
  TakeBest(source, SIZE_MAX);
  std::vector<ScoredQuery> result;
  for (const Place& place : places_) result.push_back(scored_[place.at]);
  return result;
}

void Ranker::MarkProducts(QueryId source) {
  for (const ItemId item : tables_->products.all_of_query[source]) product_source_[item] = source + 1;
}

uint32_t Ranker::SharedProducts(QueryId source, QueryId query) const {
  if (tables_->products.all_of_query[source].empty()) return 0;
  const absl::Span<const ItemId> items = tables_->products.evidence_of_query[query];
  return static_cast<uint32_t>(
      std::count_if(items.begin(), items.end(), [&](ItemId item) { return product_source_[item] == source + 1; }));
}

// A word that goes with everything ("of", "free shipping") tells nothing, unless the keyword holds the whole source
// query.
uint32_t Ranker::SharedWords(QueryId source, QueryId query) const {
  const WordPools& words = tables_->words;
  const absl::Span<const WordId> a = words.words_of_query[source], b = words.words_of_query[query];
  const uint32_t shared = CountShared(a, b);
  if (shared == a.size()) return shared;
  return shared - static_cast<uint32_t>(std::count_if(a.begin(), a.end(), [&](WordId word) {
           return words.is_hub[word] && std::binary_search(b.begin(), b.end(), word);
         }));
}

bool Ranker::HasEvidence(QueryId source, const ScoredQuery& scored) const {
  if (scored.users > 0) return true;
  if (scored.signals[kJaccard] > 0 && SharedWords(source, scored.query) > 0) return true;
  return SharedProducts(source, scored.query) > 0;
}

// The best `limit` of scored_ that have evidence or fill the list, to best_. Sorts no more of them than it must.
void Ranker::TakeBest(QueryId source, size_t limit) {
  places_.clear();
  for (uint32_t i = 0; i < scored_.size(); ++i) {
    places_.push_back({uint64_t{Descending(scored_[i].score)} << 32 | (UINT32_MAX - scored_[i].users), i});
  }
  const auto before = [&](const Place& x, const Place& y) { return Before(x, y); };
  best_.clear();
  uint32_t fill = 0;
  for (auto from = places_.begin(); from != places_.end() && best_.size() < limit;) {
    const auto left = static_cast<size_t>(places_.end() - from);
    const auto to = from + static_cast<std::ptrdiff_t>(std::min(left, limit));
    if (to != places_.end()) std::nth_element(from, to, places_.end(), before);
    std::sort(from, to, before);
    for (; from != to && best_.size() < limit; ++from) {
      if (HasEvidence(source, scored_[from->at]) || fill++ < tables_->options.popular_fill) best_.push_back(from->at);
    }
  }
}

Candidate Ranker::CandidateOf(QueryId source, const ScoredQuery& scored) const {
  const RankTables& t = *tables_;
  return {.keyword = t.table.spellings[t.mined.counts[scored.query].display].display,
          .query_fingerprint = QueryFingerprint(t.table.queries[scored.query]),
          .score = scored.score,
          .evidence = {.users = scored.users,
                       .users_after = scored.users_after,
                       .shared_products = SharedProducts(source, scored.query),
                       .shared_words = SharedWords(source, scored.query)},
          .signals = scored.signals};
}

std::optional<RelatedList> Ranker::Rank(QueryId source) {
  const RankOptions& options = tables_->options;
  const QueryCounts& counts = tables_->mined.counts[source];
  if (counts.searches == 0 || counts.users < MinSourceUsers(options.min_users)) return std::nullopt;
  Candidates(source);
  // Twice the list, so that enough is left once respellings are gone.
  TakeBest(source, options.drop_respellings ? 2 * options.list_size : options.list_size);
  RelatedList list{
      .display = tables_->table.spellings[counts.display].display, .users = counts.users, .candidates = {}};
  if (respellings_.has_value()) {
    best_queries_.clear();
    for (const uint32_t at : best_) best_queries_.push_back(scored_[at].query);
    for (const uint32_t place : respellings_->Keep(source, best_queries_)) {
      if (list.candidates.size() == options.list_size) break;
      list.candidates.push_back(CandidateOf(source, scored_[best_[place]]));
    }
  } else {
    for (const uint32_t at : best_) list.candidates.push_back(CandidateOf(source, scored_[at]));
  }
  if (list.candidates.empty()) return std::nullopt;
  return list;
}

}  // namespace kindred
