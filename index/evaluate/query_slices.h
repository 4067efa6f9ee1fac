// Kinds of query that a ranking may serve well or badly: quality is shown for each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/text/normalized_query.h"

namespace kindred {

// The writing system of a query's letters: ICU's name of the script where there is one ("Latin", "Han", "Hangul"),
// "kana" for the two Japanese syllabaries, "Han and kana", "mixed" for any other mixture, and "no letters".
std::string ScriptOf(const NormalizedQuery& query);

// "1 word", "2 words", "3 words" or "4 words and more".
std::string WordCountName(size_t words);

// Cuts the searches that are asked for by how often their query was searched before: the most searched queries that
// make up a third of the asking are the head, those of the second third the torso, the rest the tail. So each has about
// a third of the trials, whatever the log's size or shape. Queries searched equally often stay together, in the higher
// class.
class PopularityClasses {
 public:
  // One count for each time that a known query is asked for: how often it was searched before. Any order.
  explicit PopularityClasses(std::vector<uint32_t> searches);

  // "head", "torso" or "tail".
  absl::string_view ClassOf(uint32_t searches) const;

 private:
  uint32_t head_ = 0, torso_ = 0;  // Fewest searches of each.
};

}  // namespace kindred
