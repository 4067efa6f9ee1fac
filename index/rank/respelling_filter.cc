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
}

void RespellingFilter::Kept::Add(uint32_t place, const SpellingDigest& digest) {
  places.push_back(place);
  shapes.push_back(digest.shape);
  stripped.push_back(digest.stripped);
  starts.push_back(digest.start);
}

bool RespellingFilter::Kept::HasEqualPart(size_t i, const SpellingDigest& digest) const {
  return ((shapes[i] == digest.shape) | (stripped[i] == digest.stripped) | (starts[i] == digest.start)) != 0;
}

bool RespellingFilter::Kept::AnyEqualPart(const SpellingDigest& digest) const {
  bool any = false;
  // No early exit: the compiler makes vector compares of it.
  for (size_t i = 0; i < places.size(); ++i) any |= HasEqualPart(i, digest);
  return any;
}

RespellingFilter::RespellingFilter(std::shared_ptr<const RankTables> tables)
    : tables_(std::move(tables)), forms_(kKeptForms) {}

std::shared_ptr<const SpellingForm> RespellingFilter::FormOf(QueryId query) {
  Form& kept = forms_[query % kKeptForms];
  if (kept.query != query) kept = {query, std::make_shared<SpellingForm>(tables_->table.queries[query])};
  return kept.form;
}

bool RespellingFilter::IsRespelling(QueryId a, QueryId b) {
  return MayBeRespelling(tables_->spellings[a], tables_->spellings[b]) && kindred::IsRespelling(*FormOf(a), *FormOf(b));
}

bool RespellingFilter::Repeats(uint32_t place, absl::Span<const QueryId> candidates) {
  const QueryId query = candidates[place];
  const SpellingDigest& digest = tables_->spellings[query];
  if (!kept_.AnyEqualPart(digest)) return false;
  for (size_t i = 0; i < kept_.places.size(); ++i) {
    if (kept_.HasEqualPart(i, digest) && IsRespelling(query, candidates[kept_.places[i]])) return true;
  }
  return false;
}

const std::vector<uint32_t>& RespellingFilter::Keep(QueryId source, absl::Span<const QueryId> candidates) {
  kept_.Clear();
  by_users_.clear();
  for (uint32_t place = 0; place < candidates.size(); ++place) {
    if (IsRespelling(source, candidates[place])) continue;
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
