// A gram's documents one by one.
#pragma once

#include <cstddef>
#include <vector>

#include "index/store/gram_list.h"

namespace kindred::testing {

inline std::vector<DocumentId> DocumentsOf(const GramList& list) {
  std::vector<DocumentId> documents;
  for (const GramList::Band& band : list.bands()) {
    for (size_t i = 0; i < band.low.size(); ++i) documents.push_back(band.number * kBandDocuments + band.low[i]);
  }
  return documents;
}

}  // namespace kindred::testing
