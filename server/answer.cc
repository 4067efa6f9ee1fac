#include "server/answer.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "index/store/byte_cursor.h"
#include "index/store/related_list.h"
#include "index/text/stripped_form.h"
#include "kindred/index/v1/index_info.pb.h"
#include "kindred/v1/related_search.pb.h"
#include "server/request_parser.h"

namespace kindred {
namespace {

// Fields as Protobuf writes them, of numbers below 16. By hand, because a message of each keyword, made only to be
// serialized, takes several times as long.
static_assert(std::max<int>({v1::RelatedKeyword::kKeywordFieldNumber, v1::RelatedKeyword::kScoreFieldNumber,
                             v1::RelatedKeyword::kExplanationFieldNumber,
                             v1::GetRelatedKeywordsResponse::kKeywordsFieldNumber,
                             v1::GetRelatedKeywordsResponse::kIndexVersionFieldNumber,
                             v1::GetRelatedKeywordsResponse::kMatchFieldNumber,
                             v1::GetRelatedKeywordsResponse::kNormalizedQueryFieldNumber}) < 16);
static_assert(v1::Match_MAX < 128);
using Wire = google::protobuf::internal::WireFormatLite;

size_t SizeOfField(size_t bytes) {
  return 1 + google::protobuf::io::CodedOutputStream::VarintSize32(static_cast<uint32_t>(bytes)) + bytes;
}

char* PutTag(char* out, int field, Wire::WireType type) { return PutVarint(out, Wire::MakeTag(field, type)); }

// Of a string or a message, up to its bytes.
char* StartField(char* out, int field, size_t bytes) {
  return PutVarint(PutTag(out, field, Wire::WIRETYPE_LENGTH_DELIMITED), static_cast<uint32_t>(bytes));
}

char* PutField(char* out, int field, absl::string_view bytes) {
  out = StartField(out, field, bytes.size());
  return std::copy_n(bytes.data(), bytes.size(), out);
}

// A RelatedKeyword.
struct Keyword {
  absl::string_view keyword;
  uint32_t score;                 // Its bits. 0 is left out.
  absl::string_view explanation;  // Serialized. An empty one is left out.

  size_t size() const {
    return SizeOfField(keyword.size()) + (score == 0 ? 0 : 1 + sizeof(score)) +
           (explanation.empty() ? 0 : SizeOfField(explanation.size()));
  }
  char* Put(char* out) const {
    out = PutField(out, v1::RelatedKeyword::kKeywordFieldNumber, keyword);
    if (score != 0) {
      out = PutFixed(PutTag(out, v1::RelatedKeyword::kScoreFieldNumber, Wire::WIRETYPE_FIXED32), score);
    }
    if (explanation.empty()) return out;
    return PutField(out, v1::RelatedKeyword::kExplanationFieldNumber, explanation);
  }
};

constexpr size_t kMatchBytes = 2;  // Of the field.
v1::Match ToProto(MatchKind match) {
  switch (match) {
    case MatchKind::kExact:
      return v1::MATCH_EXACT;
    case MatchKind::kSimilar:
      return v1::MATCH_SIMILAR;
    case MatchKind::kNone:
      return v1::MATCH_NONE;
  }
  return v1::MATCH_UNSPECIFIED;
}

v1::Explanation Explain(const CandidateView& candidate, const index::v1::IndexInfo& info) {
  v1::Explanation explanation;
  explanation.set_users(candidate.evidence.users);
  explanation.set_users_after(candidate.evidence.users_after);
  explanation.set_shared_products(candidate.evidence.shared_products);
  explanation.set_shared_words(candidate.evidence.shared_words);
  for (int i = 0; i < kSignalCount; ++i) {
    v1::Signal& signal = *explanation.add_signals();
    signal.set_name(std::string(kSignalNames[i]));
    signal.set_value(candidate.signals[i]);
    signal.set_contribution(i < info.weights_size() ? info.weights(i) * candidate.signals[i] : 0);
  }
  std::stable_sort(explanation.mutable_signals()->begin(), explanation.mutable_signals()->end(),
                   [](const v1::Signal& a, const v1::Signal& b) { return a.contribution() > b.contribution(); });
  return explanation;
}

// Of each candidate, serialized.
std::vector<std::string> Explanations(const Recommendation& recommendation, const index::v1::IndexInfo& info) {
  std::vector<std::string> explanations;
  for (size_t i = 0; i < recommendation.candidates.size(); ++i) {
    v1::Explanation explanation = Explain(recommendation.candidates[i], info);
    if (i < recommendation.via.size()) explanation.set_via_query(recommendation.via[i]);
    explanations.push_back(explanation.SerializeAsString());
  }
  return explanations;
}

}  // namespace

size_t Answer::CandidateLimit(const Question& question) { return question.max_keywords + kMaxRecentQueries; }

Answer::Answer(const Question& question, const NormalizedQuery& query, const Recommendation& recommendation,
               const index::v1::IndexInfo& info)
    : fingerprints_(std::make_unique<std::atomic<uint32_t>[]>(recommendation.candidates.size())),
      keywords_(static_cast<uint32_t>(recommendation.candidates.size())),
      max_keywords_(question.max_keywords),
      match_(recommendation.match) {
  const std::vector<CandidateView>& candidates = recommendation.candidates;
  const std::vector<std::string> explanations =
      question.explain ? Explanations(recommendation, info) : std::vector<std::string>();
  const auto keyword = [&](size_t i) {
    return Keyword{candidates[i].keyword, std::bit_cast<uint32_t>(candidates[i].score),
                   explanations.empty() ? absl::string_view() : explanations[i]};
  };
  const std::string version = absl::StrCat(info.version());
  size_t size = SizeOfField(version.size()) + kMatchBytes + (query.empty() ? 0 : SizeOfField(query.text().size()));
  for (size_t i = 0; i < candidates.size(); ++i) size += SizeOfField(keyword(i).size()) + sizeof(uint32_t);
  bytes_.resize(size);
  char* const begin = bytes_.data();
  char* out = begin;
  char* ends = begin + size - candidates.size() * sizeof(uint32_t);
  for (size_t i = 0; i < candidates.size(); ++i) {
    out = StartField(out, v1::GetRelatedKeywordsResponse::kKeywordsFieldNumber, keyword(i).size());
    out = keyword(i).Put(out);
    const auto end = static_cast<uint32_t>(out - begin);
    ends = PutFixed(ends, end);
    if (i < max_keywords_) usual_end_ = end;
  }
  keywords_end_ = static_cast<uint32_t>(out - begin);
  out = PutField(out, v1::GetRelatedKeywordsResponse::kIndexVersionFieldNumber, version);
  out = PutTag(out, v1::GetRelatedKeywordsResponse::kMatchFieldNumber, Wire::WIRETYPE_VARINT);
  out = PutVarint(out, ToProto(match_));
  if (!query.empty()) out = PutField(out, v1::GetRelatedKeywordsResponse::kNormalizedQueryFieldNumber, query.text());
  others_end_ = static_cast<uint32_t>(out - begin);
  assert(others_end_ + candidates.size() * sizeof(uint32_t) == size);
}

std::string Answer::Response(absl::Span<const uint32_t> searched) const {
  const absl::string_view bytes = bytes_;
  const absl::string_view others = bytes.substr(keywords_end_, others_end_ - keywords_end_);
  std::string response;
  if (searched.empty()) {
    response.reserve(usual_end_ + others.size());
    response.append(bytes_, 0, usual_end_);
    return response.append(others.data(), others.size());
  }
  response.reserve(others_end_);
  uint32_t begin = 0, taken = 0;
  ByteCursor ends(bytes.substr(others_end_));
  for (uint32_t i = 0; i < keywords_ && taken < max_keywords_; ++i) {
    const auto end = ends.Fixed<uint32_t>();
    const absl::string_view keyword = bytes.substr(begin, end - begin);
    if (!absl::c_linear_search(searched, FingerprintOf(i, keyword))) {
      response.append(keyword.data(), keyword.size());
      ++taken;
    }
    begin = end;
  }
  return response.append(others.data(), others.size());
}

uint32_t Answer::FingerprintOf(size_t keyword, absl::string_view response) const {
  uint32_t fingerprint = fingerprints_[keyword].load(std::memory_order_relaxed);
  if (fingerprint != 0) return fingerprint;
  v1::GetRelatedKeywordsResponse parsed;
  // It is our own, and a keyword that is no query is none that anybody searched.
  if (!parsed.ParseFromArray(response.data(), static_cast<int>(response.size()))) return 0;
  const auto query = NormalizeQuery(parsed.keywords(0).keyword());
  if (!query.ok()) return 0;
  fingerprint = StrippedFingerprint(*query);
  fingerprints_[keyword].store(fingerprint, std::memory_order_relaxed);
  return fingerprint;
}

void Answer::Prefetch() const {
  constexpr size_t kLine = 64;
  for (size_t at = 0; at < others_end_; at += kLine) __builtin_prefetch(bytes_.data() + at);
}

size_t Answer::bytes() const { return sizeof(*this) + bytes_.capacity() + keywords_ * sizeof(fingerprints_[0]); }

}  // namespace kindred
