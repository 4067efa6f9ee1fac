#include "index/rank/respelling_filter.h"

#include <algorithm>
#include <utility>

namespace kindred {
namespace {

// About half a kilobyte each.
constexpr uint32_t kKeptForms = 4096;
constexpr int kAnswerBits = 14;

// Texts that are the same but for their cuts differ by a character in size at most.
uint32_t StartOfSize(const SpellingDigest& digest, uint32_t size) { return digest.start + size * 0x9E3779B1U; }

}  // namespace

void RespellingFilter::Chains::Clear(size_t places) {
  heads_.fill({});
  next_.resize(places);
}

void RespellingFilter::Chains::Add(uint32_t place, uint32_t part, uint32_t words) {
  Head& head = heads_[part % kHeads];
  next_[place] = head.first;
  head.first = static_cast<uint16_t>(place + 1);
  head.words |= BitOf(words);
}

RespellingFilter::RespellingFilter(std::shared_ptr<const RankTables> tables)
    : tables_(std::move(tables)), forms_(kKeptForms), answers_(size_t{1} << kAnswerBits) {}

const SpellingForm& RespellingFilter::FormOf(QueryId query) {
  Form& kept = forms_[query % kKeptForms];
  if (kept.query != query) {
    evicted_ = std::move(kept.form);
    kept = {query, std::make_unique<SpellingForm>(tables_->table.queries[query])};
  }
  return *kept.form;
}

bool RespellingFilter::AreRespellings(QueryId a, QueryId b) {
  const uint64_t pair = uint64_t{std::min(a, b)} << 32 | std::max(a, b);
  uint64_t& answer = answers_[pair * 0x9E3779B97F4A7C15U >> (64 - kAnswerBits)];
  if (answer >> 1 != pair) {
    const SpellingForm& first = FormOf(a);
    const bool is = IsRespelling(first, FormOf(b));  // `first` is valid: should b evict it, evicted_ has it.
    answer = pair << 1 | static_cast<uint64_t>(is);
  }
  return (answer & 1) != 0;
}

// Notes the pairs of places of which the digests leave it open, each with the place that would go: on few lists of a
// real log there are any.
void RespellingFilter::FindAlike() {
  const auto size = static_cast<uint32_t>(digests_.size());
  for (Chains* chains : {&shapes_, &stripped_, &starts_}) chains->Clear(size);
  alike_.clear();
  last_alike_.assign(size, 0);
  for (uint32_t place = 0; place < size; ++place) {
    const SpellingDigest& digest = digests_[place];
    const auto compare = [&](uint32_t other) {
      if (!MayBeRespelling(digest, digests_[other])) return;
      const bool other_goes = users_[other] < users_[place];
      const uint32_t goes = other_goes ? other : place, stays = other_goes ? place : other;
      alike_.push_back({stays, last_alike_[goes]});
      last_alike_[goes] = static_cast<uint32_t>(alike_.size());
    };
    shapes_.ForEach(digest.shape, compare);
    stripped_.ForEach(digest.stripped, compare);
    for (const uint32_t chars : {digest.size - 1U, digest.size + 0U, digest.size + 1U}) {
      starts_.ForEachIfOthers(StartOfSize(digest, chars), digest.words, compare);
    }
    shapes_.Add(place, digest.shape, digest.words);
    stripped_.Add(place, digest.stripped, digest.words);
    starts_.Add(place, StartOfSize(digest, digest.size), digest.words);
  }
}

// Drops those of places_ that respell one that stays and that more users searched.
void RespellingFilter::DropRepeats(absl::Span<const QueryId> candidates) {
  if (alike_.empty()) return;
  by_users_.clear();
  for (uint32_t place = 0; place < places_.size(); ++place) {
    if (last_alike_[place] != 0) by_users_.push_back(uint64_t{UINT32_MAX - users_[place]} << 32 | place);
  }
  std::sort(by_users_.begin(), by_users_.end());
  goes_.assign(places_.size(), 0);
  for (const uint64_t entry : by_users_) {
    const auto place = static_cast<uint32_t>(entry);
    for (uint32_t i = last_alike_[place]; i != 0 && goes_[place] == 0; i = alike_[i - 1].next) {
      const uint32_t other = alike_[i - 1].place;
      if (goes_[other] != 0) continue;
      goes_[place] = AreRespellings(candidates[places_[place]], candidates[places_[other]]) ? 1 : 0;
    }
  }
  size_t kept = 0;
  for (uint32_t place = 0; place < places_.size(); ++place) {
    if (goes_[place] == 0) places_[kept++] = places_[place];
  }
  places_.resize(kept);
}

const std::vector<uint32_t>& RespellingFilter::Keep(QueryId source, absl::Span<const QueryId> candidates) {
  for (const QueryId query : candidates) {
    __builtin_prefetch(&tables_->spellings[query]);
    __builtin_prefetch(&tables_->keywords[query]);
  }
  places_.clear();
  digests_.clear();
  users_.clear();
  const SpellingDigest& of_source = tables_->spellings[source];
  for (uint32_t place = 0; place < candidates.size(); ++place) {
    const SpellingDigest& digest = tables_->spellings[candidates[place]];
    if (MayBeRespelling(of_source, digest) && AreRespellings(source, candidates[place])) continue;
    places_.push_back(place);
    digests_.push_back(digest);
    users_.push_back(tables_->keywords[candidates[place]].users);
  }
  FindAlike();
  DropRepeats(candidates);
  return places_;
}

}  // namespace kindred
