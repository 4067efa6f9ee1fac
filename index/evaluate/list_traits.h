// What is in a list besides the keyword that a shopper wanted: respellings, other names of the same products, keywords
// that nothing but popularity speaks for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/store/related_list.h"
#include "index/text/normalized_query.h"
#include "index/text/respelling.h"

namespace kindred {

struct ListTraits {
  bool respelling = false;   // A keyword IsRespelling() of the query or of another keyword.
  bool alias = false;        // A keyword IsAlias() of the query. Useful, a few at a time ("mw3": "modern warfare 3").
  bool no_evidence = false;  // A keyword without Evidence::any().
};

// Reads lists beside the log that they were mined from. Not thread-safe: it keeps what it once compared.
class ListReader {
 public:
  // Table and mined log must outlive it.
  ListReader(const EventTable& table, const MinedLog& mined);

  ListTraits Read(NormalizedView query, absl::Span<const Candidate> list);

  // Cosine of the two queries' vectors of distinct users by product, 0 where either is unknown or nobody clicked.
  // Source: Salton and McGill, 1983; clicks in place of terms as in Wen, Nie and Zhang, WWW 2001.
  double CoClickCosine(NormalizedView a, NormalizedView b) const;
  // Whether two queries are names of the same products: CoClickCosine() of at least .8, and the same numbers in both
  // ("halo 3" and "halo 4" share their buyers). Both are of docs/relevance.md's measuring of aliases.
  bool IsAlias(NormalizedView a, NormalizedView b) const;

 private:
  struct Keyword {
    SpellingForm form;
    std::string numbers;
    absl::Span<const ClickCounts> clicks;
  };
  const Keyword& KeywordOf(const Candidate& candidate);
  absl::Span<const ClickCounts> ClicksOf(NormalizedView query) const;

  const EventTable& table_;
  const MinedLog& mined_;
  absl::flat_hash_map<uint32_t, std::unique_ptr<const Keyword>> keywords_;  // By fingerprint.
};

}  // namespace kindred
