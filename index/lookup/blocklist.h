// Keywords that no shopper is shown, whatever the log says: those of whoever answers for what a shop shows.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/text/normalized_query.h"

namespace kindred {

// Immutable value; the default blocks nothing. Const use is thread-safe.
class Blocklist {
 public:
  // Each is compared with each keyword of an answer that is not cached.
  static constexpr size_t kMostPatterns = 1000;

  // One keyword a line. Blank lines, and those that begin with #, are left out. "apple watch" blocks that keyword,
  // cased, accented and spaced in any way: those of its StrippedForm(); not its plurals or misspellings. A line with a
  // * at its beginning or end is a pattern: it blocks all keywords that end or begin so, and with both all that hold
  // it. Case, accents and kana do not count in patterns, but spaces do: "*sex*" blocks "essex", "* sex *" the word
  // alone.
  //   InvalidArgument, with the line's number: no letter or digit; a * inside; punctuation at an end of a pattern,
  //   which is in no keyword ("*.com*" would block "computer"); too many patterns; what NormalizeQuery() refuses. Or
  //   the text is blank, as a file is that is just being written: a # alone says that nothing is blocked.
  static absl::StatusOr<Blocklist> Parse(absl::string_view text);

  bool Blocks(NormalizedView keyword) const;

  bool empty() const { return lines_ == 0; }
  size_t lines() const { return lines_; }  // That block something.

  friend bool operator==(const Blocklist&, const Blocklist&) = default;

 private:
  // Of a keyword's spelling with a space before and behind it.
  struct Pattern {
    std::string text;
    bool open_begin, open_end;

    friend bool operator==(const Pattern&, const Pattern&) = default;
  };

  absl::Status Add(absl::string_view line);
  absl::Status AddPattern(absl::string_view inner, bool open_begin, bool open_end);

  absl::flat_hash_set<std::string> keywords_;  // Stripped forms.
  std::vector<Pattern> patterns_;
  size_t lines_ = 0;
};

}  // namespace kindred
