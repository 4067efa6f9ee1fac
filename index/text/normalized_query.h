// A query in the form in which two typed strings that are the same search are equal bytes. A type of its own, so that
// raw text can never be looked up or compared by mistake.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kindred {

// Longest query, in bytes of UTF-8, before and after normalization.
inline constexpr size_t kMaxQueryBytes = 256;

// Immutable value; the default is the empty query. Ordered by bytes.
class NormalizedQuery {
 public:
  NormalizedQuery() = default;

  absl::string_view text() const { return text_; }
  // Nothing but spaces, punctuation or control characters was typed.
  bool empty() const { return text_.empty(); }

  friend bool operator==(const NormalizedQuery& a, const NormalizedQuery& b) { return a.text_ == b.text_; }
  friend bool operator!=(const NormalizedQuery& a, const NormalizedQuery& b) { return a.text_ != b.text_; }
  friend bool operator<(const NormalizedQuery& a, const NormalizedQuery& b) { return a.text_ < b.text_; }
  template <typename H>
  friend H AbslHashValue(H hash, const NormalizedQuery& query) {
    return H::combine(std::move(hash), query.text_);
  }

 private:
  friend absl::StatusOr<NormalizedQuery> NormalizeQuery(absl::string_view raw);
  friend class IndexReader;  // Reads back what IndexWriter wrote of another NormalizedQuery.
  explicit NormalizedQuery(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

// The only maker of a NormalizedQuery, shared by the builder, the server and the evaluator. Thread-safe. Idempotent:
// the normal form of a normal form is itself. What it does, in order:
//   1. NFKC and case folding (full and half width, ligatures, accents kept); default-ignorable (zero-width) characters
//   go.
//   2. Punctuation, symbols, control and white space become one space; apostrophes inside words vanish; a dot or comma
//      between digits, and '+' or '#' right after a letter or digit, stay ("1.5", "c++", "c#").
//   3. A hyphen-like character after kana becomes the long-vowel mark. Hiragana and katakana are kept apart (see
//      docs or the .cc for why); StrippedForm() matches them.
//   4. Traditional Chinese becomes Simplified, whole words at a time, only where Han characters occur.
//   5. Spaces at the ends go, and spaces between two CJK characters go.
// Errors, all InvalidArgument: more than kMaxQueryBytes before or after; not UTF-8 (the byte's position is named).
absl::StatusOr<NormalizedQuery> NormalizeQuery(absl::string_view raw);

// The spelling key: the query without spaces and long-vowel marks, hiragana as katakana. Two queries with equal
// stripped forms are two spellings of one query. Never empty for a query that is not.
std::string StrippedForm(const NormalizedQuery& query);

}  // namespace kindred
