#include "index/rank/respelling_filter.h"

#include <algorithm>
#include <utility>

namespace kindred {
namespace {

// About half a kilobyte each.
constexpr uint32_t kKeptForms = 4096;

}  // namespace

void RespellingFilter::Kept::Clear() {
  for (std::vector<uint32_t>* part : {&places, &shapes, &stripped, &starts}) part->clear();
  digests.clear();
}

void RespellingFilter::Kept::Add(uint32_t place, const SpellingDigest& digest) {
  places.push_back(place);
  shapes.push_back(digest.shape);
  stripped.push_back(digest.stripped);
  starts.push_back(digest.start);
  digests.push_back(digest);
}

bool RespellingFilter::Kept::AnyEqualPart(const SpellingDigest& digest) const {
  uint32_t any = 0;
  for (size_t i = 0; i < places.size(); ++i) {  // No early exit: the compiler makes vector compares of it.
    any |= static_cast<uint32_t>(shapes[i] == digest.shape) | static_cast<uint32_t>(stripped[i] == digest.stripped) |
           static_cast<uint32_t>(starts[i] == digest.start);
  }
  return any != 0;
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
  const QueryId query = candidates[place];
  const SpellingDigest& digest = tables_->spellings[query];
  if (!kept_.AnyEqualPart(digest)) return false;
  for (size_t i = 0; i < kept_.places.size(); ++i) {
    if (MayBeRespelling(digest, kept_.digests[i]) && AreRespellings(query, candidates[kept_.places[i]])) return true;
  }
  return false;
}

const std::vector<uint32_t>& RespellingFilter::Keep(QueryId source, absl::Span<const QueryId> candidates) {
  kept_.Clear();
  by_users_.clear();
  for (uint32_t place = 0; place < candidates.size(); ++place) {
    const bool may_be = MayBeRespelling(tables_->spellings[source], tables_->spellings[candidates[place]]);
    if (may_be && AreRespellings(source, candidates[place])) continue;
    const uint32_t users = tables_->mined.counts[candidates[place]].users;
    by_users_.push_back(uint64_t{UINT32_MAX - users} << 32 | place);
  }
  std::sort(by_users_.begin(), by_users_.end());
  for (const uint64_t entry : by_users_) {
    const auto place = static_cast<uint32_t>(entry);
    if (!Repeats(place, candidates)) kept_.Add(place, tables_->spellings[candidates[place]]);
  }
  result_ = kept_.places;
  std::sort(result_.begin(), result_.end());
  return result_;
}

}  // namespace kindred
