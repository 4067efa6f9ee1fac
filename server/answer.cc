#include "server/answer.h"

#include <algorithm>
#include <bit>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/wire_format_lite.h"
#include "index/store/byte_cursor.h"
#include "index/store/related_list.h"
#include "index/text/stripped_form.h"
#include "kindred/index/v1/index_info.pb.h"
#include "kindred/v1/related_search.pb.h"
#include "server/request_parser.h"

namespace kindred {
namespace {

// What a keyword of less than 100 bytes takes beside its bytes: three tags, two lengths and a score; where it ends.
constexpr size_t kKeywordOverhead = 9 + sizeof(uint32_t);
constexpr size_t kOtherOverhead = 16;  // Of the other fields, beside the query.

// Fields as Protobuf writes them. By hand: a message of each keyword, made only to be serialized, takes thrice as long.
using Wire = google::protobuf::internal::WireFormatLite;

void AppendTag(int field, Wire::WireType type, std::string& out) { AppendVarint(out, Wire::MakeTag(field, type)); }

// Of a string or a message. Nothing where it is empty.
void AppendField(int field, absl::string_view bytes, std::string& out) {
  if (bytes.empty()) return;
  AppendTag(field, Wire::WIRETYPE_LENGTH_DELIMITED, out);
  AppendVarint(out, static_cast<uint32_t>(bytes.size()));
  out.append(bytes.data(), bytes.size());
}

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

v1::Explanation Explain(const Candidate& candidate, const index::v1::IndexInfo& info) {
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

}  // namespace

size_t Answer::CandidateLimit(const Question& question) { return question.max_keywords + kMaxRecentQueries; }

Answer::Answer(const Question& question, const NormalizedQuery& query, const Recommendation& recommendation,
               const index::v1::IndexInfo& info)
    : fingerprints_(std::make_unique<std::atomic<uint32_t>[]>(recommendation.candidates.size())),
      keywords_(static_cast<uint32_t>(recommendation.candidates.size())),
      max_keywords_(question.max_keywords),
      match_(recommendation.match) {
  size_t bytes = query.text().size() + kOtherOverhead;
  for (const Candidate& candidate : recommendation.candidates) bytes += candidate.keyword.size() + kKeywordOverhead;
  bytes_.reserve(bytes);  // More where a keyword is longer than 100 bytes, or explained.
  std::string keyword, ends;
  for (size_t i = 0; i < recommendation.candidates.size(); ++i) {
    const Candidate& candidate = recommendation.candidates[i];
    keyword.clear();
    AppendField(v1::RelatedKeyword::kKeywordFieldNumber, candidate.keyword, keyword);
    if (std::bit_cast<uint32_t>(candidate.score) != 0) {
      AppendTag(v1::RelatedKeyword::kScoreFieldNumber, Wire::WIRETYPE_FIXED32, keyword);
      AppendFloat(keyword, candidate.score);
    }
    if (question.explain) {
      v1::Explanation explanation = Explain(candidate, info);
      if (i < recommendation.via.size()) explanation.set_via_query(recommendation.via[i]);
      AppendField(v1::RelatedKeyword::kExplanationFieldNumber, explanation.SerializeAsString(), keyword);
    }
    AppendField(v1::GetRelatedKeywordsResponse::kKeywordsFieldNumber, keyword, bytes_);
    AppendFixed(ends, static_cast<uint32_t>(bytes_.size()));
    if (i < max_keywords_) usual_end_ = static_cast<uint32_t>(bytes_.size());
  }
  keywords_end_ = static_cast<uint32_t>(bytes_.size());
  AppendField(v1::GetRelatedKeywordsResponse::kIndexVersionFieldNumber, absl::StrCat(info.version()), bytes_);
  AppendTag(v1::GetRelatedKeywordsResponse::kMatchFieldNumber, Wire::WIRETYPE_VARINT, bytes_);
  AppendVarint(bytes_, ToProto(match_));
  AppendField(v1::GetRelatedKeywordsResponse::kNormalizedQueryFieldNumber, query.text(), bytes_);
  others_end_ = static_cast<uint32_t>(bytes_.size());
  bytes_ += ends;
  bytes_.shrink_to_fit();
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
