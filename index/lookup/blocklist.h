// Keywords that no shopper is shown, whatever the log says: those of whoever answers for what a shop shows.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/text/normalized_query.h"

namespace kindred {

// Immutable value; the default blocks nothing. Const use is thread-safe.
class Blocklist {
 public:
  // One a line; blank lines, and those that begin with #, are left out. "apple watch" blocks that keyword, spaced,
  // cased and accented in any way: those of its StrippedForm(). With a * at its end or beginning a line blocks all
  // keywords that begin or end so, and with both all that hold it ("*watch*"), by their normal form.
  //   InvalidArgument, with the line's number: one without a character that counts, a * inside, or what
  //   NormalizeQuery() refuses.
  static absl::StatusOr<Blocklist> Parse(absl::string_view lines);

  bool Blocks(NormalizedView keyword) const;

  bool empty() const { return size() == 0; }
  // Distinct ones, each counted as the one line that it is.
  size_t size() const { return keywords_.size() + patterns_.size(); }

 private:
  struct Pattern {
    std::string text;  // In normal form.
    bool open_begin, open_end;

    friend bool operator==(const Pattern&, const Pattern&) = default;
  };

  absl::Status Add(absl::string_view line);

  absl::flat_hash_set<std::string> keywords_;  // Stripped forms.
  std::vector<Pattern> patterns_;
};

}  // namespace kindred
