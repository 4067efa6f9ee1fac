#include "index/store/related_list.h"

#include <xxhash.h>

namespace kindred {

bool InListOrder(const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : InOrderOfEquals(a, b);
}

bool InOrderOfEquals(const CandidateView& a, const CandidateView& b) {
  if (a.evidence.users != b.evidence.users) return a.evidence.users > b.evidence.users;
  return a.keyword < b.keyword;
}

RelatedListView::operator RelatedList() const {
  RelatedList list{.display = std::string(display), .users = users, .candidates = {}};
  list.candidates.reserve(candidates.size());
  for (const CandidateView& candidate : candidates) list.candidates.push_back(static_cast<Candidate>(candidate));
  return list;
}

uint32_t QueryFingerprint(NormalizedView query) {
  return static_cast<uint32_t>(XXH3_64bits(query.text().data(), query.text().size()));
}

}  // namespace kindred
