// What of a query may be a known query by itself.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/text/normalized_query.h"

namespace kindred {

struct QueryPart {
  NormalizedQuery query;
  bool has_all_words = false;  // In another order.
};

// Of a query of two to five words, in their order: all words in every other order where there are at most three, then
// the runs of neighbouring words, longest first. None of them is the query itself, or comes twice. Of other queries
// nothing: at most 14 in all. REQUIRES: the words are views of the query's text, as WordSegmenter::Words() gives them.
std::vector<QueryPart> PartsOf(const NormalizedQuery& query, absl::Span<const absl::string_view> words);

}  // namespace kindred
