// Words of a query, by ICU's word boundaries: spaces, and dictionaries for Chinese, Japanese and Thai.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "index/text/normalized_query.h"

namespace kindred {

// Not thread-safe: one per thread. Making one takes about a millisecond.
class WordSegmenter {
 public:
  // Internal: ICU has no word-break data.
  static absl::StatusOr<std::unique_ptr<WordSegmenter>> Create();
  ~WordSegmenter();

  // The distinct words in byte order. A query that is not empty has at least one.
  std::vector<std::string> DistinctWords(const NormalizedQuery& query);

 private:
  struct Icu;
  explicit WordSegmenter(std::unique_ptr<Icu> icu);
  std::unique_ptr<Icu> icu_;
};

}  // namespace kindred
