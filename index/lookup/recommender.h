// One query in, ranked related keywords out. The server and the evaluator call this, nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/store/index_reader.h"
#include "index/store/related_list.h"
#include "index/text/normalized_query.h"

namespace kindred {

// How the query was found.
enum class MatchKind : uint8_t { kExact, kSimilar, kNone };

struct Recommendation {
  MatchKind match = MatchKind::kNone;
  // Best first, no keyword twice. Where kSimilar: evidence and signals are those of the near list that contributed most.
  std::vector<Candidate> candidates;
  // Where kSimilar: of each candidate, the display form of the near query that contributed most. Else empty.
  std::vector<std::string> via;
};

// Thread-safe; immutable.
class Recommender {
 public:
  // The reader is shared: the recommender keeps it open.
  explicit Recommender(std::shared_ptr<const IndexReader> reader);
  ~Recommender();

  // At most `limit` candidates (REQUIRES: limit >= 1). An empty query or an unknown market gives kNone.
  //   1. The query's own list: kExact.
  //   2. The list of the query with the same StrippedForm(): kSimilar.
  //   3. The mean of the lists of the 3 nearest known queries by idf-weighted gram cosine g > .30: each list's scores as a
  //      softmax, weighted by g. Respellings of the query
  //      (IsRespelling) are left out. kSimilar.
  //   DataLoss: stored bytes do not decode.
  absl::StatusOr<Recommendation> Recommend(absl::string_view market, const NormalizedQuery& query, size_t limit) const;

  const IndexReader& reader() const { return *reader_; }

 private:
  std::shared_ptr<const IndexReader> reader_;
};

}  // namespace kindred
