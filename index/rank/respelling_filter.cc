#include "index/rank/respelling_filter.h"

#include <algorithm>
#include <utility>

namespace kindred {
namespace {

// About half a kilobyte each.
constexpr uint32_t kKeptForms = 4096;

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
    : tables_(std::move(tables)), forms_(kKeptForms) {}

std::shared_ptr<const SpellingForm> RespellingFilter::FormOf(QueryId query) {
  Form& kept = forms_[query % kKeptForms];
  if (kept.query != query) kept = {query, std::make_shared<SpellingForm>(tables_->table.queries[query])};
  return kept.form;
}

bool RespellingFilter::AreRespellings(QueryId a, QueryId b) { return IsRespelling(*FormOf(a), *FormOf(b)); }

bool RespellingFilter::Repeats(uint32_t place, absl::Span<const QueryId> candidates) {
  const SpellingDigest& digest = digests_[place];
  const auto is = [&](uint32_t kept) {
    return MayBeRespelling(digest, digests_[kept]) && AreRespellings(candidates[place], candidates[kept]);
  };
  return stripped_.Any(digest.stripped, is) || shapes_.Any(digest.shape, is) || starts_.Any(digest.start, is);
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
    starts_.Add(place, digests_[place].start);
  }
  std::sort(result_.begin(), result_.end());
  return result_;
}

}  // namespace kindred
