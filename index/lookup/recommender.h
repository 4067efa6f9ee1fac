// One query in, ranked related keywords out. The server and the evaluator call this, nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/lookup/blocklist.h"
#include "index/store/index_reader.h"
#include "index/store/related_list.h"
#include "index/text/normalized_query.h"

namespace kindred {

class SimilarLists;

// How the query was found.
enum class MatchKind : uint8_t { kExact, kSimilar, kNone };

struct Recommendation {
  // kNone where there is no candidate.
  MatchKind match = MatchKind::kNone;
  // Best first, no keyword twice. Where a near list gave one: evidence and signals are those of the near list that
  // contributed most.
  std::vector<CandidateView> candidates;
  // Of each candidate that a near list gave, the display form of the near query that contributed most. An empty string
  // where fewer than the build's min_users people searched that query (info().parameters()["min_users"]): what one
  // shopper typed is shown to no other. Empty too where that query is blocked, and of the query's own; no elements
  // where there are no others.
  std::vector<std::string> via;
  // Keeps the bytes of the keywords alive, and with them blocks of the database, whose reader must outlive this; null:
  // whoever made this does.
  std::shared_ptr<const void> owner;
};

// Thread-safe; immutable but for the scratch of near searches: up to .8 MB for each that ever ran at the same time,
// kept for the next and freed with the recommender. (In a pool, not in thread-local storage: a server has more threads
// than searches at once, they outlive the index version, and a lock costs a thousandth of a search.)
class Recommender {
 public:
  // The reader is shared: the recommender keeps it open. nullptr: nothing is blocked.
  explicit Recommender(std::shared_ptr<const IndexReader> reader, std::shared_ptr<const Blocklist> blocklist = nullptr);
  ~Recommender();

  // At most `limit` candidates (REQUIRES: limit >= 1), none of them blocked: those behind them move up. An empty query
  // or an unknown market gives kNone.
  //   1. The query's own list: kExact. As stored: the builder left out the query, its respellings and repeats. Where it
  //      has fewer than 5 candidates, those of steps 2 to 4 follow, with scores that go on from its last.
  //   2. The list of the query with the same StrippedForm(), with its scores: kSimilar.
  //   3. Of the 3 nearest known queries by idf-weighted gram cosine g > .30, one that IsRespelling() of the query (of
  //      several, the one of most users): its list, with its scores. A misspelt query gets what the well-spelt one
  //      gets.
  //   4. The mean of their lists and those of the two weightiest parts, which are known queries of some of its words
  //      that stand together, or of all in another order (PartsOf()): each list's scores as a softmax, weighted as
  //      u / (10 + u) by the users u of its query, and by g and the share of the near query's weight that the query
  //      holds; a part by the root of its share of the query's squared weight. kSimilar. A near query that is no
  //      respelling, shares a word with the query and was searched by the build's min_users people stands in its own
  //      list beside the best keyword: for "wireless earphones cheap", "wireless earphones" is the best answer there
  //      is. Its evidence is the shared words alone.
  // Never, in 2 to 4, the query itself or a respelling of it (so no typo is answered with its correction: that is a
  // spelling suggestion, not a related keyword), nor two respellings of one keyword.
  // Measured on 110 held-out unseen queries of one shop (hit@10 / MRR@10, s.e. .04 / .03, so it shows only that nothing
  // is lost): step 4 alone, without near queries as keywords, .182 / .114; with step 3 .182 / .120; with both .191 and
  // .125; later .196 / .121, with parts .206 / .122, and two more of the queries are answered.
  //   DataLoss: stored bytes do not decode.
  absl::StatusOr<Recommendation> Recommend(absl::string_view market, const NormalizedQuery& query, size_t limit) const;
  // Where step 1 does alone, a tenth of the work of the others; else nullopt.
  absl::StatusOr<std::optional<Recommendation>> RecommendOwn(absl::string_view market, const NormalizedQuery& query,
                                                             size_t limit) const;

  const IndexReader& reader() const { return *reader_; }

 private:
  // The stored list; nullopt: none, or all of it is blocked.
  absl::StatusOr<std::optional<Recommendation>> Own(absl::string_view market, const NormalizedQuery& query,
                                                    size_t limit) const;
  std::string NameOf(const RelatedListView& near) const;

  const std::shared_ptr<const IndexReader> reader_;
  const std::shared_ptr<const Blocklist> blocklist_;  // nullptr, or not empty.
  std::unique_ptr<const SimilarLists> similar_;
};

}  // namespace kindred
