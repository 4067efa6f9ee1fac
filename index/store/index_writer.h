// Writes one index version into a folder of its own. Bytes: index/store/FORMAT.md.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/store/related_list.h"
#include "index/store/related_list_codec.h"
#include "index/text/normalized_query.h"

namespace kindred::index::v1 {
class IndexInfo;
}

namespace kindred {

// Not thread-safe. Destroyed before Finish() returned OK, the folder holds no INDEX_INFO, so that no reader takes it.
class IndexWriter {
 public:
  // Creates `dir`, which must not exist; its parent must.
  //   AlreadyExists, PermissionDenied, NotFound (parent), Internal: named.
  static absl::StatusOr<std::unique_ptr<IndexWriter>> Create(const std::string& dir);
  ~IndexWriter();

  // REQUIRES: ascending by (market, query bytes); at least 1 and at most kMaxCandidates candidates in their total
  // order, no keyword twice, scores finite. InvalidArgument where that is broken. ResourceExhausted: disk full.
  absl::Status Add(absl::string_view market, NormalizedView query, const RelatedList& list);

  // The same of a list that is encoded already. REQUIRES: what StartList() and AppendCandidate() ask, besides.
  absl::Status AddEncoded(absl::string_view market, NormalizedView query, const EncodedList& list);

  // What AddRowFile() needs to know of a row.
  struct Row {
    NormalizedView query;
    uint32_t users, keywords;  // As in EncodedList.
  };
  // The same of lists that were written into a row file of their own, such as another machine's: the file is taken into
  // the database as it is. REQUIRES: RowFile wrote it, with the encoded lists of these queries and nothing else; it is
  // on the file system of the folder, and stays until Finish().
  absl::Status AddRowFile(absl::string_view market, const std::string& path, absl::Span<const Row> rows);

  // Adds the stripped forms and the near index, ingests everything into one RocksDB database, syncs it, writes
  // INDEX_INFO (with `info`'s fields and, filled in here: format_version, content_checksum, rows, bytes, files,
  // markets[].lists and .keywords), re-opens the folder with all checksums verified, and returns the complete record.
  // `stamp`, where given, is called once, right before INDEX_INFO is written, when all heavy work but that check is
  // done: for what the caller knows only then, such as the build's seconds. It leaves alone what is filled in here.
  //   ResourceExhausted: disk full.  DataLoss: what was written does not read back.
  absl::StatusOr<index::v1::IndexInfo> Finish(index::v1::IndexInfo info,
                                              const std::function<void(index::v1::IndexInfo&)>& stamp = nullptr);

 private:
  struct Rep;
  explicit IndexWriter(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace kindred
