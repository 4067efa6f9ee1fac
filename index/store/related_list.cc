#include "index/store/related_list.h"

#include <xxhash.h>

namespace kindred {

uint32_t QueryFingerprint(const NormalizedQuery& query) {
  return static_cast<uint32_t>(XXH3_64bits(query.text().data(), query.text().size()));
}

}  // namespace kindred
