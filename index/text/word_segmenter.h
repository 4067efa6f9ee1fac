// Words of a query: what stands between spaces, and for scripts written without spaces, what ICU's dictionaries find.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/text/normalized_query.h"

namespace kindred {

// A word is a run between spaces, cut further where a script without spaces between words (Chinese, Japanese, Thai,
// Lao, Khmer, Burmese) begins or ends, and inside such a run by ICU's dictionaries. So "iphone15保护壳" has the words
// "iphone15", "保护" and "壳". Other runs stay whole, digits with their letters ("ps4", "1.5", "c++"): a model number
// cut up means nothing, and the words of plain English are exactly what splitting on spaces gives.
//
// Not thread-safe: one per thread. Making one takes a few milliseconds the first time.
class WordSegmenter {
 public:
  // Internal: ICU has no word-break data.
  static absl::StatusOr<std::unique_ptr<WordSegmenter>> Create();
  ~WordSegmenter();

  // The words in their order, as views of the query's text. A query that is not empty has at least one.
  std::vector<absl::string_view> Words(NormalizedView query);
  // The distinct ones in byte order.
  std::vector<absl::string_view> DistinctWords(NormalizedView query);

 private:
  struct Icu;
  explicit WordSegmenter(std::unique_ptr<Icu> icu);
  // Appends the words of a run of a script without spaces.
  void AppendDictionaryWords(absl::string_view run, std::vector<absl::string_view>& words);

  std::unique_ptr<Icu> icu_;
};

}  // namespace kindred
