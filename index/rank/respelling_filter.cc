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

void RespellingFilter::Chains::Clear(size_t candidates) {
  heads_.fill(0);
  next_.resize(candidates);
}

void RespellingFilter::Chains::Add(uint32_t place, uint32_t part) {
  uint32_t& head = heads_[part % kHeads];
  next_[place] = head;
  head = place + 1;
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

bool RespellingFilter::Repeats(uint32_t place, absl::Span<const QueryId> candidates) {
  const SpellingDigest& digest = digests_[place];
  const auto is = [&](uint32_t kept) {
    return MayBeRespelling(digest, digests_[kept]) && AreRespellings(candidates[place], candidates[kept]);
  };
  if (stripped_.Any(digest.stripped, is) || shapes_.Any(digest.shape, is)) return true;
  for (const uint32_t size : {digest.size - 1U, digest.size + 0U, digest.size + 1U}) {
    if (starts_.Any(StartOfSize(digest, size), is)) return true;
  }
  return false;
}

const std::vector<uint32_t>& RespellingFilter::Keep(QueryId source, absl::Span<const QueryId> candidates) {
  for (const QueryId query : candidates) {
    __builtin_prefetch(&tables_->spellings[query]);
    __builtin_prefetch(&tables_->keywords[query]);
  }
  for (Chains* chains : {&shapes_, &stripped_, &starts_}) chains->Clear(candidates.size());
  digests_.clear();
  by_users_.clear();
  for (uint32_t place = 0; place < candidates.size(); ++place) {
    digests_.push_back(tables_->spellings[candidates[place]]);
    const bool may_be = MayBeRespelling(tables_->spellings[source], digests_.back());
    if (may_be && AreRespellings(source, candidates[place])) continue;
    const uint32_t users = tables_->keywords[candidates[place]].users;
    by_users_.push_back(uint64_t{UINT32_MAX - users} << 32 | place);
  }
  std::sort(by_users_.begin(), by_users_.end());
  result_.clear();
  for (const uint64_t entry : by_users_) {
    const auto place = static_cast<uint32_t>(entry);
    if (Repeats(place, candidates)) continue;
    result_.push_back(place);
    shapes_.Add(place, digests_[place].shape);
    stripped_.Add(place, digests_[place].stripped);
    starts_.Add(place, StartOfSize(digests_[place], digests_[place].size));
  }
  std::sort(result_.begin(), result_.end());
  return result_;
}

}  // namespace kindred
