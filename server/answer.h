// The answer to a query as one index version gives it, kept as bytes that are ready to send.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/lookup/recommender.h"
#include "index/text/normalized_query.h"

namespace kindred::index::v1 {
class IndexInfo;
}

namespace kindred {

// All that an answer depends on within one index version. What the shopper searched before is no part of it: an Answer
// holds a few keywords more than are asked for, and Response() leaves those out.
struct Question {
  std::string market;
  NormalizedQuery query;
  uint32_t max_keywords = 0;  // 1 to kMaxKeywords
  bool explain = false;
};

// Immutable value; thread-safe.
class Answer {
 public:
  // `recommendation` is what Recommender said for limit(question).
  Answer(const Question& question, const Recommendation& recommendation, const index::v1::IndexInfo& info);

  // How many candidates to ask the Recommender for.
  static size_t CandidateLimit(const Question& question);

  // The wire form of a GetRelatedKeywordsResponse with the first question.max_keywords keywords, without those whose
  // fingerprint is among `searched`. REQUIRES: at most kMaxRecentQueries of those.
  std::string Response(absl::Span<const uint32_t> searched) const;

  MatchKind match() const { return match_; }
  // Memory that the answer takes.
  size_t bytes() const;

 private:
  struct Keyword {
    uint32_t fingerprint;
    uint32_t end;  // In keyword_bytes_.
  };

  MatchKind match_;
  uint32_t max_keywords_;
  std::vector<Keyword> keywords_;
  std::string keyword_bytes_;  // A response of each keyword alone, one after another: joined, such messages merge.
  std::string other_bytes_;    // A response of all other fields.
};

}  // namespace kindred
