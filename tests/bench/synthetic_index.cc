#include "tests/bench/synthetic_index.h"

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "index/store/index_reader.h"
#include "index/store/index_writer.h"
#include "kindred/index/v1/index_info.pb.h"
#include "kindred/v1/related_search.pb.h"
#include "tests/bench/unknown_queries.h"
#include "tests/bench/vocabulary.h"

namespace kindred::bench {
namespace {

constexpr size_t kRequests = 200'000;
constexpr size_t kUnknownQueries = 2'000;
constexpr int kRecent = 3;

absl::StatusOr<std::vector<NormalizedQuery>> MakeQueries(const SyntheticIndex& index) {
  Vocabulary vocabulary(index.seed);
  std::vector<NormalizedQuery> queries;
  while (queries.size() < index.queries) {
    // More than are missing, because many are drawn twice.
    for (size_t missing = 2 * (index.queries - queries.size()); missing > 0; --missing) {
      Words words = vocabulary.Query();
      if (vocabulary.Below(3) == 0) words.push_back(vocabulary.Word(false));
      ASSIGN_OR_RETURN(NormalizedQuery query, NormalizeQuery(absl::StrJoin(words, " ")));
      if (!query.empty()) queries.push_back(std::move(query));
    }
    std::sort(queries.begin(), queries.end());
    queries.erase(std::unique(queries.begin(), queries.end()), queries.end());
  }
  // Thinned evenly, so that no end of the alphabet is missing.
  for (size_t i = 0; i < index.queries; ++i) std::swap(queries[i], queries[i * queries.size() / index.queries]);
  queries.resize(index.queries);
  return queries;
}

// Distinct keywords: queries at a fixed stride from each other.
RelatedList MakeList(const std::vector<NormalizedQuery>& queries, size_t of, size_t count, IndexVersion version) {
  RelatedList list;
  list.display.assign(queries[of].text().data(), queries[of].text().size());
  list.users = 9;
  for (size_t i = 1; i <= count && i < queries.size(); ++i) {
    const NormalizedQuery& keyword = queries[(of + i * (7919 + version)) % queries.size()];
    Candidate candidate;
    candidate.keyword.assign(keyword.text().data(), keyword.text().size());
    candidate.query_fingerprint = QueryFingerprint(keyword);
    candidate.score = -.1F * static_cast<float>(i);
    candidate.evidence.users = 5;
    list.candidates.push_back(std::move(candidate));
  }
  return list;
}

// Ranks, the first the most frequent.
class Zipf {
 public:
  explicit Zipf(size_t count) {
    for (size_t rank = 1; rank <= count; ++rank) sums_.push_back(sum_ += 1 / static_cast<double>(rank));
  }
  size_t operator()(std::mt19937_64& random) const {
    const double at = std::uniform_real_distribution<double>(0, sum_)(random);
    const auto found = std::upper_bound(sums_.begin(), sums_.end(), at) - sums_.begin();
    return std::min(sums_.size() - 1, static_cast<size_t>(found));
  }

 private:
  double sum_ = 0;
  std::vector<double> sums_;
};

absl::StatusOr<std::vector<std::string>> KnownQueries(const std::string& root_path) {
  const IndexRoot root(root_path);
  ASSIGN_OR_RETURN(const auto active, root.Active());
  if (!active.has_value()) return absl::NotFoundError(absl::StrCat("no index in ", root_path));
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(root.VersionPath(*active), {}));
  std::vector<std::string> queries;
  RETURN_IF_ERROR(
      reader->ForEach(reader->info().default_market(), [&](const NormalizedQuery& query, const RelatedList&) {
        queries.emplace_back(query.text());
        return true;
      }));
  return queries;
}

}  // namespace

absl::StatusOr<IndexVersion> PublishSyntheticIndex(const std::string& root_path, const SyntheticIndex& index) {
  ASSIGN_OR_RETURN(const std::vector<NormalizedQuery> queries, MakeQueries(index));
  ASSIGN_OR_RETURN(const auto root, IndexRootWriter::Open(root_path));
  ASSIGN_OR_RETURN(const IndexVersion version, root->NextVersion());
  ASSIGN_OR_RETURN(const auto writer, IndexWriter::Create(root->BuildPath(version)));
  for (size_t i = 0; i < queries.size(); ++i) {
    RETURN_IF_ERROR(writer->Add("", queries[i], MakeList(queries, i, index.keywords, version)));
  }
  index::v1::IndexInfo info;
  info.set_version(version);
  info.add_markets();
  (*info.mutable_parameters())["min_users"] = absl::StrCat(2);
  RETURN_IF_ERROR(writer->Finish(std::move(info)).status());
  RETURN_IF_ERROR(root->Complete(version));
  RETURN_IF_ERROR(root->Publish(version));
  return version;
}

absl::StatusOr<Requests> MakeRequests(const std::string& root, double unknown_share) {
  ASSIGN_OR_RETURN(std::vector<std::string> known, KnownQueries(root));
  UnknownQueries changed(known, 2);
  std::vector<std::string> unknown;
  while (unknown.size() < kUnknownQueries) unknown.emplace_back(changed.Next().text());
  std::mt19937_64 random(2);
  std::shuffle(known.begin(), known.end(), random);
  const Zipf zipf_known(known.size());
  const Zipf zipf_unknown(unknown.size());
  std::bernoulli_distribution is_unknown(unknown_share);
  Requests requests;
  v1::BatchGetRelatedKeywordsRequest batch;
  v1::GetRelatedKeywordsRequest request;
  for (size_t i = 0; i < kRequests; ++i) {
    const std::string before = request.query();
    request.set_query(is_unknown(random) ? unknown[zipf_unknown(random)] : known[zipf_known(random)]);
    v1::GetRelatedKeywordsRequest with_recent = request;
    if (!before.empty()) with_recent.add_recent_queries(before);
    while (with_recent.recent_queries_size() < kRecent) with_recent.add_recent_queries(known[zipf_known(random)]);
    requests.single.push_back(request.SerializeAsString());
    requests.with_recent.push_back(with_recent.SerializeAsString());
    *batch.add_requests() = request;
    if (batch.requests_size() == kBatch) {
      requests.batches.push_back(batch.SerializeAsString());
      batch.clear_requests();
    }
  }
  return requests;
}

}  // namespace kindred::bench
