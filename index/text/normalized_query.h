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
  // Reads back what was written of another NormalizedQuery.
  friend class IndexReader;
  friend class NormalizedView;
  explicit NormalizedQuery(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

// A NormalizedQuery whose text is kept elsewhere: where there are millions, a string each costs more than its text.
// Ordered by bytes.
class NormalizedView {
 public:
  NormalizedView() = default;                                            // The empty query.
  NormalizedView(const NormalizedQuery& query) : text_(query.text()) {}  // NOLINT: a view, as of a string.
  explicit operator NormalizedQuery() const { return NormalizedQuery(std::string(text_)); }

  absl::string_view text() const { return text_; }
  bool empty() const { return text_.empty(); }
  // The same query, of a copy of its text. REQUIRES: an equal text.
  NormalizedView In(absl::string_view copy) const { return NormalizedView(copy); }

  friend bool operator==(NormalizedView a, NormalizedView b) { return a.text_ == b.text_; }
  friend bool operator<(NormalizedView a, NormalizedView b) { return a.text_ < b.text_; }

 private:
  friend class FrameCodec;  // Reads back what was written of another one.
  explicit NormalizedView(absl::string_view text) : text_(text) {}

  absl::string_view text_;
};

// The only maker of a NormalizedQuery, shared by the builder, the server and the evaluator. Thread-safe. Idempotent:
// the normal form of a normal form is itself. Steps, repeated until nothing changes:
//   1. NFKC and case folding: full and half width, ligatures, compatibility forms; accents stay. Default-ignorable
//      (zero-width, bidirectional) characters, TM and SM signs go.
//   2. Punctuation, symbols, emoji, control, private use and unassigned characters and white space become one space; so
//      does a combining mark with no letter before it. But apostrophes inside words vanish ("assassins creed"), so do
//      commas before thousands ("10000mah"); a dot or comma between digits stays ("1.5"), as do '+' and '#' at the end
//      of a word ("c++", "c#", "disney+"; not "gears+of+war"). Digits of all scripts become ASCII's.
//   3. A single dash or wave dash after kana becomes the long-vowel mark (サ-バ- is サーバー), except before letters
//   and
//      digits of other scripts, where it separates. Hiragana and katakana are kept apart: dictionaries know words in
//      their own script only (女の子), and some pairs are two words. StrippedForm() matches them.
//   4. Traditional Chinese becomes Simplified, longest words first. Japanese kanji too: a query of Han alone does not
//      tell its language, and the same word must fold alike beside kana.
//   5. Spaces at the ends go, and spaces between two characters of Han, kana or Zhuyin. Not in Korean, which has spaces
//      between words.
// Errors: InvalidArgument: more than kMaxQueryBytes before or after; not UTF-8 (the byte's position is named); no fixed
// point within eight rounds, which no known text needs.
absl::StatusOr<NormalizedQuery> NormalizeQuery(absl::string_view raw);

// The spelling key: the query without spaces, long-vowel marks and the accents of Latin letters, hiragana as katakana.
// A space between two digits stays: "1 2 inch" was 1/2. Two queries with equal stripped forms are two spellings of one
// query. Never empty for a query that is not.
std::string StrippedForm(NormalizedView query);

}  // namespace kindred
