#include "index/rank/respelling_filter.h"

#include <algorithm>
#include <utility>

namespace kindred {

void RespellingFilter::Kept::Clear() {
  for (std::vector<uint32_t>* part : {&places, &shapes, &stripped, &starts}) part->clear();
}

void RespellingFilter::Kept::Add(uint32_t place, const SpellingDigest& digest) {
  places.push_back(place);
  shapes.push_back(digest.shape);
  stripped.push_back(digest.stripped);
  starts.push_back(digest.start);
}

bool RespellingFilter::Kept::AnyEqualPart(const SpellingDigest& digest) const {
  uint32_t any = 0;
  for (size_t i = 0; i < places.size(); ++i) {  // No early exit: the compiler makes vector compares of it.
    any |= static_cast<uint32_t>(shapes[i] == digest.shape) | static_cast<uint32_t>(stripped[i] == digest.stripped) |
           static_cast<uint32_t>(starts[i] == digest.start);
  }
  return any != 0;
}

RespellingFilter::RespellingFilter(std::shared_ptr<const RankTables> tables) : tables_(std::move(tables)) {}

const SpellingForm& RespellingFilter::FormOf(QueryId query) {
  for (const auto& [id, form] : forms_) {
    if (id == query) return *form;
  }
  return *forms_.emplace_back(query, std::make_unique<SpellingForm>(tables_->table.queries[query])).second;
}

bool RespellingFilter::IsRespelling(QueryId a, QueryId b) {
  return MayBeRespelling(tables_->spellings[a], tables_->spellings[b]) && kindred::IsRespelling(FormOf(a), FormOf(b));
}

bool RespellingFilter::Repeats(uint32_t place, absl::Span<const QueryId> candidates) {
  const QueryId query = candidates[place];
  if (!kept_.AnyEqualPart(tables_->spellings[query])) return false;
  return std::any_of(kept_.places.begin(), kept_.places.end(),
                     [&](uint32_t other) { return IsRespelling(query, candidates[other]); });
}

const std::vector<uint32_t>& RespellingFilter::Keep(QueryId source, absl::Span<const QueryId> candidates) {
  forms_.clear();
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
