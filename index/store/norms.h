// Vector norms of a market's documents, for the near index. Bytes: index/store/FORMAT.md, "norms".
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kindred {

// Documents of the near index: the queries with a list of one market, numbered in ascending order of vector norm.
using DocumentId = uint32_t;

// One float per 64 documents and a byte per document: 1.06 bytes a document, off by at most 1/510 of a block's step
// (measured on a million queries: .0001 of a cosine; without the byte it is up to .07).
struct Norms {
  static constexpr DocumentId kBlock = 64;

  // per_64[i] is the norm of document 64 * i, and one more element is the norm of the last document. Ascending, finite,
  // positive. Empty where there are no documents.
  std::vector<float> per_64;
  // Where a document lies between its block's norm and the next block's, 0 to 255.
  std::vector<uint8_t> fraction;

  uint32_t documents() const { return static_cast<uint32_t>(fraction.size()); }
  // REQUIRES: document < documents().
  float of(DocumentId document) const {
    const float low = per_64[document / kBlock];
    const float high = per_64[document / kBlock + 1];
    return low + (high - low) * static_cast<float>(fraction[document]) * (1.0F / 255);
  }
};

}  // namespace kindred
