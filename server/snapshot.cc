#include "server/snapshot.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/store/index_info_file.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

absl::StatusOr<std::unique_ptr<const IndexReader>> OpenVerified(const std::string& folder,
                                                                std::shared_ptr<rocksdb::Cache> block_cache,
                                                                absl::FunctionRef<bool()> stop) {
  ASSIGN_OR_RETURN(const index::v1::IndexInfo info, ReadIndexInfo(folder));
  RETURN_IF_ERROR(VerifyFiles(folder, info, Verification::kNotYetVerified, stop));
  IndexReader::Options options;
  options.block_cache = std::move(block_cache);
  options.verification = Verification::kSizes;
  return IndexReader::Open(folder, options);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Snapshot>> Snapshot::Open(const IndexRoot& root, IndexVersion version,
                                                               const Options& options, absl::FunctionRef<bool()> stop) {
  FolderStamp stamp = StampVersion(root.VersionPath(version));
  absl::StatusOr<std::unique_ptr<const IndexReader>> reader =
      OpenVerified(root.VersionPath(version), options.block_cache, stop);
  if (!reader.ok()) return Annotate(reader.status(), absl::StrCat("index version ", version));
  if ((*reader)->info().version() != version) {
    return absl::DataLossError(absl::StrCat("index version ", version, ": its INDEX_INFO says that it is version ",
                                            (*reader)->info().version()));
  }
  return std::shared_ptr<const Snapshot>(
      new Snapshot(version, std::move(stamp), *std::move(reader), options.cache_bytes, options.blocklist));
}

std::shared_ptr<const Snapshot> Snapshot::With(std::shared_ptr<const Blocklist> blocklist) const {
  return std::shared_ptr<const Snapshot>(
      new Snapshot(version_, stamp_, reader_, cache_.capacity_bytes(), std::move(blocklist)));
}

Snapshot::Snapshot(IndexVersion version, FolderStamp stamp, std::shared_ptr<const IndexReader> reader,
                   size_t cache_bytes, std::shared_ptr<const Blocklist> blocklist)
    : version_(version),
      stamp_(std::move(stamp)),
      reader_(std::move(reader)),
      blocklist_(std::move(blocklist)),
      recommender_(reader_, blocklist_),
      cache_(cache_bytes) {}

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
