// The stored answer for one query: its related keywords, best first, each with the evidence behind it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "index/text/normalized_query.h"

namespace kindred {

// The signals of the ranking formula, in the order of every array of them, in memory and on disk. Never renumber.
enum Signal : int { kPair, kToken, kWalk1, kWalk2, kJaccard, kNext, kCoClick, kRecent, kFollowUp, kSignalCount };
inline constexpr std::array<absl::string_view, kSignalCount> kSignalNames = {
    "pair", "token", "walk1", "walk2", "jaccard", "next", "co_click", "recent", "follow_up"};
using Signals = std::array<float, kSignalCount>;

// Why a keyword is related to the source query. Counts are distinct users, products and words.
struct Evidence {
  uint32_t users = 0;            // Searched both, where more did than chance brings together; else 0.
  uint32_t users_after = 0;      // Of those, searched the keyword after the source.
  uint32_t shared_products = 0;  // Clicked after either.
  uint32_t shared_words = 0;

  // A keyword without evidence is shown for its popularity alone.
  bool any() const { return users > 0 || shared_products > 0 || shared_words > 0; }
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

// A keyword that may be suggested. Total order of a list: score down, then evidence.users down, then keyword bytes up.
struct Candidate {
  std::string keyword;             // Display form; unique within an index's market.
  uint32_t query_fingerprint = 0;  // QueryFingerprint() of the keyword's normalized query.
  float score = 0;                 // Finite.
  Evidence evidence;
  Signals signals{};  // Stored to a precision of about 0.1 (kJaccard: 0.004).
};

// A candidate whose keyword's bytes are kept elsewhere.
struct CandidateView {
  absl::string_view keyword;
  uint32_t query_fingerprint = 0;
  float score = 0;
  Evidence evidence;
  Signals signals{};

  CandidateView() = default;
  CandidateView(const Candidate& candidate)  // NOLINT: a view, as of a string.
      : keyword(candidate.keyword),
        query_fingerprint(candidate.query_fingerprint),
        score(candidate.score),
        evidence(candidate.evidence),
        signals(candidate.signals) {}
  explicit operator Candidate() const { return {std::string(keyword), query_fingerprint, score, evidence, signals}; }
};

// Whether `a` comes before `b` in a list: that total order.
bool InListOrder(const Candidate& a, const Candidate& b);
// The same of two of one score.
bool InOrderOfEquals(const CandidateView& a, const CandidateView& b);

// Most candidates of a list, and longest keyword or display form in bytes of UTF-8: each can be typed as a query.
inline constexpr size_t kMaxCandidates = 50;
inline constexpr size_t kMaxKeywordBytes = kMaxQueryBytes;

// Longest name of a market, in bytes: such as "DE" or "de-AT". For the builder, the server and the rows' keys alike.
inline constexpr size_t kMaxMarketBytes = 32;

// Best first. Signals are in natural-log units but kJaccard, a share.
struct RelatedList {
  std::string display;  // The source query as most users typed it.
  uint32_t users = 0;   // Distinct users who searched the source.
  std::vector<Candidate> candidates;
};

// The same, read in place.
struct RelatedListView {
  absl::string_view display;
  uint32_t users = 0;
  std::vector<CandidateView> candidates;
  // Keeps the bytes of all texts alive; null: the caller does.
  std::shared_ptr<const void> owner;

  explicit operator RelatedList() const;
};

// Low 32 bits of XXH3-64 of the text. The same on every machine, for ever: it is stored.
uint32_t QueryFingerprint(NormalizedView query);

}  // namespace kindred
