#include "server/snapshot.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

absl::StatusOr<std::shared_ptr<const Snapshot>> Snapshot::Open(const IndexRoot& root, IndexVersion version,
                                                               const Options& options) {
  IndexReader::Options reader_options;
  reader_options.block_cache = options.block_cache;
  reader_options.verification = Verification::kNotYetVerified;
  FolderStamp stamp = StampFolder(root.VersionPath(version));
  absl::StatusOr<std::unique_ptr<const IndexReader>> reader =
      IndexReader::Open(root.VersionPath(version), reader_options);
  if (!reader.ok()) return Annotate(reader.status(), absl::StrCat("index version ", version));
  if ((*reader)->info().version() != version) {
    return absl::DataLossError(absl::StrCat("index version ", version, ": its INDEX_INFO says that it is version ",
                                            (*reader)->info().version()));
  }
  return std::shared_ptr<const Snapshot>(new Snapshot(version, std::move(stamp), *std::move(reader), options));
}

Snapshot::Snapshot(IndexVersion version, FolderStamp stamp, std::shared_ptr<const IndexReader> reader,
                   const Options& options)
    : version_(version), stamp_(std::move(stamp)), recommender_(std::move(reader)), cache_(options.cache_bytes) {}

absl::StatusOr<Snapshot::Result> Snapshot::Ask(const Question& question) const {
  if (std::shared_ptr<const Answer> answer = cache_.Find(question)) return Result{std::move(answer), true};
  ASSIGN_OR_RETURN(const NormalizedQuery query, NormalizeQuery(question.query));
  ASSIGN_OR_RETURN(const Recommendation recommendation,
                   recommender_.Recommend(question.market, query, Answer::CandidateLimit(question)));
  return Result{cache_.Insert(question, Answer(question, query, recommendation, info())), false};
}

absl::StatusOr<std::optional<Snapshot::Result>> Snapshot::AskDirectly(const Question& question) const {
  if (std::shared_ptr<const Answer> answer = cache_.Find(question)) return Result{std::move(answer), true};
  ASSIGN_OR_RETURN(const NormalizedQuery query, NormalizeQuery(question.query));
  ASSIGN_OR_RETURN(const std::optional<Recommendation> recommendation,
                   recommender_.RecommendOwn(question.market, query, Answer::CandidateLimit(question)));
  if (!recommendation.has_value()) return std::nullopt;
  return Result{cache_.Insert(question, Answer(question, query, *recommendation, info())), false};
}

absl::Status Snapshot::WarmFrom(const Snapshot& other, size_t limit, absl::FunctionRef<bool()> stop) const {
  const std::vector<KeptQuestion> kept = other.cache().Questions(limit);
  // The most frequent last: where there is no room for all, the oldest goes first.
  for (auto it = kept.rbegin(); it != kept.rend(); ++it) {
    if (stop()) return absl::CancelledError("stopped while warming");
    RETURN_IF_ERROR(Ask(it->question()).status());
  }
  return absl::OkStatus();
}

}  // namespace kindred
