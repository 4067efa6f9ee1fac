// The answer to a query as one index version gives it, kept as bytes that are ready to send.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/lookup/recommender.h"
#include "index/text/normalized_query.h"

namespace kindred::index::v1 {
class IndexInfo;
}

namespace kindred {

// All that an answer depends on within one index version: a query as it was typed, not yet normalized. What the shopper
// searched before is no part of it: an Answer holds a few keywords more than are asked for, and Response() leaves those
// out. What it views must outlive it.
struct Question {
  absl::string_view market;
  absl::string_view query;
  uint32_t max_keywords = 0;  // 1 to kMaxKeywords
  bool explain = false;

  friend bool operator==(const Question&, const Question&) = default;
};

// Thread-safe; its content never changes.
class Answer {
 public:
  // `query` is question.query, normalized; `recommendation` is what Recommender said for CandidateLimit(question).
  Answer(const Question& question, const NormalizedQuery& query, const Recommendation& recommendation,
         const index::v1::IndexInfo& info);

  // How many candidates to ask the Recommender for.
  static size_t CandidateLimit(const Question& question);

  // The wire form of a GetRelatedKeywordsResponse with the first question.max_keywords keywords, without those whose
  // StrippedFingerprint() is among `searched`. REQUIRES: at most kMaxRecentQueries of those.
  std::string Response(absl::Span<const uint32_t> searched) const;

  // Brings what Response() copies into the processor's caches.
  void Prefetch() const;

  MatchKind match() const { return match_; }
  // Memory that the answer takes.
  size_t bytes() const;

 private:
  // StrippedFingerprint() of a keyword, of which `response` is one.
  uint32_t FingerprintOf(size_t keyword, absl::string_view response) const;

  // All in one piece of memory, since who looks for an answer finds it in no cache of the processor's: a response of
  // each keyword alone, one after another (joined, such messages merge), a response of all other fields, and for each
  // keyword where its bytes end, in four bytes.
  std::string bytes_;
  uint32_t usual_end_ = 0;     // Of the first max_keywords_ keywords.
  uint32_t keywords_end_ = 0;  // Of all.
  uint32_t others_end_ = 0;
  // Of each keyword; 0 until it is first asked for, which few answers are, and which takes longer than all else.
  std::unique_ptr<std::atomic<uint32_t>[]> fingerprints_;
  uint32_t keywords_ = 0;
  uint32_t max_keywords_;
  MatchKind match_;
};

}  // namespace kindred
