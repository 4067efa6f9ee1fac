// Read-only view of one published index version. Bytes: index/store/FORMAT.md.
// Thread-safety: const methods may run on any number of threads at once.
// Lifetime: owns the open database; the folder must outlive the reader (a pruned folder stays readable while it is
// open).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/store/gram_list.h"
#include "index/store/index_info_file.h"
#include "index/store/norms.h"
#include "index/store/related_list.h"
#include "index/store/row_source.h"
#include "index/text/grams.h"
#include "index/text/normalized_query.h"

namespace rocksdb {
class Cache;
}

namespace kindred::index::v1 {
class IndexInfo;
}

namespace kindred {

// A cache for Options::block_cache of this many bytes, cut so that the largest gram lists fit into one of its shards:
// RocksDB's own choice, 64 shards, leaves a megabyte each at 64 MB.
std::shared_ptr<rocksdb::Cache> MakeBlockCache(size_t bytes);

class IndexReader {
 public:
  struct Options {
    Verification verification = Verification::kEveryByte;
    size_t block_cache_bytes = 64 << 20;  // Used where block_cache is null.
    // Of MakeBlockCache(). Shared between readers, such as the old and the new version.
    std::shared_ptr<rocksdb::Cache> block_cache;
  };

  // Opens a version folder such as "<root>/42" without writing to it.
  //   NotFound: folder or INDEX_INFO missing.  FailedPrecondition: format version newer than this binary knows.
  //   DataLoss: INDEX_INFO does not decode, or any other file of the version is missing, truncated or changed; the
  //   message names the file.
  static absl::StatusOr<std::unique_ptr<const IndexReader>> Open(const std::string& dir, const Options& options);
  // Of rows from elsewhere, decoded in the same way. `info` names the markets that have rows.
  //   DataLoss: their norms do not decode.  Errors of rows->Get().
  static absl::StatusOr<std::unique_ptr<const IndexReader>> Over(std::unique_ptr<const RowSource> rows,
                                                                 const index::v1::IndexInfo& info);
  ~IndexReader();

  const index::v1::IndexInfo& info() const;

  // The stored list, of its candidates the first `limit`. An unknown query or market is normal: nullopt.
  // The list keeps a block of the database in memory, and must not outlive the reader.
  //   DataLoss: the stored value does not decode, as far as it is needed.
  absl::StatusOr<std::optional<RelatedListView>> Find(absl::string_view market, const NormalizedQuery& query,
                                                      size_t limit = kMaxCandidates) const;

  // The query with a list whose StrippedForm() is `stripped`; of several, the one of most users.
  //   DataLoss: as Find().
  absl::StatusOr<std::optional<NormalizedQuery>> FindStripped(absl::string_view market,
                                                              absl::string_view stripped) const;

  // Every list of a market in byte order of the query, until `visit` returns false.
  //   DataLoss: as Find().  Unimplemented: the reader was made by Over().
  absl::Status ForEach(absl::string_view market,
                       const std::function<bool(const NormalizedQuery&, const RelatedList&)>& visit) const;

  // --- The near index (used by index/lookup) ---
  // Number of documents of a market; 0: unknown market.
  uint32_t documents(absl::string_view market) const;
  // Empty for an unknown market. Read once at open.
  const Norms& norms(absl::string_view market) const;
  // The list of each gram; empty where the market does not know the gram.
  //   DataLoss: a list does not decode (counts and bounds are checked).
  absl::StatusOr<std::vector<GramList>> GramLists(absl::string_view market, absl::Span<const Gram> grams) const;
  //   DataLoss: no such document, or it does not decode.
  absl::StatusOr<NormalizedQuery> DocumentQuery(absl::string_view market, DocumentId document) const;

 private:
  struct Rep;
  explicit IndexReader(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace kindred
