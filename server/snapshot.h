// One index version as it is served: its reader, its recommender with what it must not show, and the cache of its
// answers. Immutable and swapped as a whole, so that no answer of one version can be served as another's.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "index/lookup/blocklist.h"
#include "index/lookup/recommender.h"
#include "index/store/index_reader.h"
#include "index/store/index_root.h"
#include "server/answer.h"
#include "server/folder_stamp.h"
#include "server/result_cache.h"

namespace kindred {

// Thread-safe.
class Snapshot {
 public:
  struct Options {
    size_t cache_bytes = 64 << 20;                // Of answers.
    std::shared_ptr<rocksdb::Cache> block_cache;  // Shared by all versions.
    std::shared_ptr<const Blocklist> blocklist;   // nullptr: nothing is blocked.
  };

  // Opens a version with all its checksums verified, here or by the publication that read the same files. `stop` is
  // asked meanwhile.
  //   Errors: as IndexReader::Open, with the version named.  Cancelled: `stop` said so.
  static absl::StatusOr<std::shared_ptr<const Snapshot>> Open(const IndexRoot& root, IndexVersion version,
                                                              const Options& options, absl::FunctionRef<bool()> stop);

  // The same version beside another blocklist, without a cached answer yet. The two share the open version.
  std::shared_ptr<const Snapshot> With(std::shared_ptr<const Blocklist> blocklist) const;

  struct Result {
    std::shared_ptr<const Answer> answer;
    bool cached;
  };
  //   InvalidArgument: the query is not UTF-8, or too long.  DataLoss: stored bytes do not decode.
  absl::StatusOr<Result> Ask(const Question& question) const;
  // What takes no search among near queries: a cached answer, or that of the query's own list. nullopt: Ask() has to
  // search.
  absl::StatusOr<std::optional<Result>> AskDirectly(const Question& question) const;

  // Asks what `other` was asked lately, the most frequent `limit` questions, so that they are in this one's cache.
  // `stop` is asked before each.
  //   Cancelled: `stop` said so.  DataLoss: as Ask().
  absl::Status WarmFrom(const Snapshot& other, size_t limit, absl::FunctionRef<bool()> stop) const;

  IndexVersion version() const { return version_; }
  // Of the version's folder, from before it was read.
  const FolderStamp& stamp() const { return stamp_; }
  const index::v1::IndexInfo& info() const { return reader_->info(); }
  const ResultCache& cache() const { return cache_; }
  // nullptr: nothing is blocked.
  const Blocklist* blocklist() const { return blocklist_.get(); }

 private:
  Snapshot(IndexVersion version, FolderStamp stamp, std::shared_ptr<const IndexReader> reader, size_t cache_bytes,
           std::shared_ptr<const Blocklist> blocklist);

  const IndexVersion version_;
  const FolderStamp stamp_;
  const std::shared_ptr<const IndexReader> reader_;
  const std::shared_ptr<const Blocklist> blocklist_;
  const Recommender recommender_;
  const ResultCache cache_;
};

}  // namespace kindred
