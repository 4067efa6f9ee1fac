// The stored lists that answer for a query without one of its own: of another spelling of it, or of what is near.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/lookup/list_merger.h"
#include "index/lookup/near_search.h"
#include "index/lookup/query_parts.h"
#include "index/lookup/scratch_pool.h"
#include "index/store/index_reader.h"
#include "index/text/grams.h"
#include "index/text/normalized_query.h"
#include "index/text/word_segmenter.h"

namespace kindred {

// Thread-safe. The reader must outlive it.
class SimilarLists {
 public:
  struct Answer {
    // Of near queries, nearest first, then of parts of the query. They must not outlive the reader.
    std::vector<WeightedList> lists;
    bool respelling = false;  // There is one list, of a respelling of the query.
  };

  explicit SimilarLists(const IndexReader& reader);

  // As Recommender::Recommend() says of its steps 2 to 4; own forms of near queries are in the lists, at the front. Not
  // of the query itself, where it has a list.
  //   DataLoss: stored bytes do not decode.  Internal: ICU has no word-break data.
  absl::StatusOr<Answer> Find(absl::string_view market, const NormalizedQuery& query) const;

  // Whether as many people searched the list's query as the build asks of what is shown to others (min_users).
  bool MayShow(const RelatedListView& list) const { return list.users >= min_users_.value_or(0); }

 private:
  struct NearQuery {
    NormalizedQuery query;
    WeightedList answer;
  };
  struct NearQueries {
    std::vector<NearQuery> queries;
    // Of the asked one: its norm, and its grams that the market knows, ascending, with their squared weights.
    double query_norm = 0;
    std::vector<std::pair<Gram, double>> grams;
  };

  absl::StatusOr<RelatedListView> ListOf(absl::string_view market, const NormalizedQuery& known) const;
  // Without their lists, which a respelling among them makes needless, and weighted but for their users.
  absl::StatusOr<NearQueries> Nearest(absl::string_view market, const NormalizedQuery& query) const;
  absl::StatusOr<std::optional<RelatedListView>> OfRespelling(absl::string_view market, const NormalizedQuery& query,
                                                              const NearQueries& near) const;
  absl::Status AddParts(absl::string_view market, const NormalizedQuery& query,
                        absl::Span<const absl::string_view> words, NearQueries& near) const;
  static double ShareOf(const QueryPart& part, const NearQueries& near);
  void AddOwnForms(std::vector<absl::string_view> words, WordSegmenter& segmenter, std::vector<NearQuery>& near) const;

  const IndexReader& reader_;
  // What the build asked of a keyword; nullopt where it recorded no number: then no own forms are added.
  const std::optional<uint32_t> min_users_;
  mutable ScratchPool<NearSearch> searches_;
  mutable ScratchPool<std::unique_ptr<WordSegmenter>> segmenters_;
};

}  // namespace kindred
