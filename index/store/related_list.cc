#include "index/store/related_list.h"

#include <xxhash.h>

namespace kindred {

bool InListOrder(const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : InOrderOfEquals(a, b);
}

bool InOrderOfEquals(const Candidate& a, const Candidate& b) {
  if (a.evidence.users != b.evidence.users) return a.evidence.users > b.evidence.users;
  return a.keyword < b.keyword;
}

uint32_t QueryFingerprint(NormalizedView query) {
  return static_cast<uint32_t>(XXH3_64bits(query.text().data(), query.text().size()));
}

}  // namespace kindred
