// Queries that an index does not hold, as shoppers type them: known ones changed. How often each kind comes is an
// estimate.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "index/text/normalized_query.h"

namespace kindred::bench {

class UnknownQueries {
 public:
  enum Kind {
    kTypo,
    kTwoTypos,
    kWordAdded,
    kWordRemoved,
    kWordsSwapped,
    kCjkPart,
    kCjkTypo,
    kNonsense,
    kLong,
    kPieces
  };
  struct KindInfo {
    const char* name;
    double percent;  // Of all that Next() makes.
  };
  static constexpr std::array<KindInfo, kPieces + 1> kKinds = {{{"typo", 27},
                                                                {"two typos", 14},
                                                                {"word added", 14},
                                                                {"word removed", 10},
                                                                {"words swapped", 8},
                                                                {"part, CJK", 9},
                                                                {"typo, CJK", 9},
                                                                {"nonsense", 8},
                                                                {"200 bytes", 1},
                                                                {"256, pieces", 0}}};  // As many long lists as can be.

  // REQUIRES: some of `known`, normalized, have two words, some two letters, and some three CJK characters.
  UnknownQueries(std::vector<std::string> known, uint64_t seed);

  // Normalized; none of the known ones, nor empty.
  NormalizedQuery Next();
  NormalizedQuery OfKind(Kind kind);

 private:
  size_t Below(size_t bound) { return random_() % bound; }
  const std::string& Known() { return known_[Below(known_.size())]; }
  std::u32string Word();
  char32_t Letter(bool cjk);
  void Misspell(std::u32string& text, bool cjk);
  std::u32string Pieces();
  // Empty: a query that cannot be changed so was drawn.
  std::u32string Draw(Kind kind);

  std::vector<std::string> known_;  // Ascending.
  std::mt19937_64 random_;
};

}  // namespace kindred::bench
