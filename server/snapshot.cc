#include "server/snapshot.h"

#include <utility>

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
  ASSIGN_OR_RETURN(const Recommendation recommendation,
                   recommender_.Recommend(question.market, question.query, Answer::CandidateLimit(question)));
  return Keep(question, recommendation);
}

absl::StatusOr<std::optional<Snapshot::Result>> Snapshot::AskDirectly(const Question& question) const {
  if (std::shared_ptr<const Answer> answer = cache_.Find(question)) return Result{std::move(answer), true};
  ASSIGN_OR_RETURN(const std::optional<Recommendation> recommendation,
                   recommender_.RecommendOwn(question.market, question.query, Answer::CandidateLimit(question)));
  if (!recommendation.has_value()) return std::nullopt;
  return Keep(question, *recommendation);
}

Snapshot::Result Snapshot::Keep(const Question& question, const Recommendation& recommendation) const {
  auto answer = std::make_shared<const Answer>(question, recommendation, info());
  cache_.Insert(question, answer);
  return {std::move(answer), false};
}

absl::Status Snapshot::WarmFrom(const Snapshot& other, size_t limit, absl::FunctionRef<bool()> stop) const {
  for (const Question& question : other.cache().Questions(limit)) {
    if (stop()) return absl::CancelledError("stopped while warming");
    RETURN_IF_ERROR(Ask(question).status());
  }
  return absl::OkStatus();
}

}  // namespace kindred
