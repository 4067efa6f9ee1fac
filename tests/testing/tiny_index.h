// Small real indexes for tests: lists in, an opened reader or a published root out. Link kindred_store.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/status_macros.h"
#include "index/store/index_reader.h"
#include "index/store/index_root.h"
#include "index/store/index_writer.h"
#include "index/store/related_list.h"
#include "index/text/normalized_query.h"
#include "kindred/index/v1/index_info.pb.h"
#include "tests/testing/temp_dir.h"

namespace kindred::testing {

// A keyword with its score and users; the fingerprint is that of its normal form.
inline Candidate MakeCandidate(const std::string& keyword, float score = 1, uint32_t users = 5) {
  Candidate candidate;
  candidate.keyword = keyword;
  candidate.score = score;
  candidate.evidence.users = users;
  if (const auto query = NormalizeQuery(keyword); query.ok()) candidate.query_fingerprint = QueryFingerprint(*query);
  return candidate;
}

// Keywords best first, with falling scores; `display` is what the source is shown as.
inline RelatedList MakeList(const std::string& display, const std::vector<std::string>& keywords, uint32_t users = 10) {
  RelatedList list;
  list.display = display;
  list.users = users;
  float score = 0;
  for (const std::string& keyword : keywords) list.candidates.push_back(MakeCandidate(keyword, score -= 0.5F));
  return list;
}

// Query as typed (it is normalized here) -> its list. Two that normalize alike are an error of the test.
using TinyLists = std::map<std::string, RelatedList>;
// Market -> lists. The first market, in byte order, is the default one.
using TinyMarkets = std::map<std::string, TinyLists>;

// {{"tent", {"tent pegs", "stove"}}}: the displays are the queries.
inline TinyLists MakeLists(const std::map<std::string, std::vector<std::string>>& keywords) {
  TinyLists lists;
  for (const auto& [query, related] : keywords) lists.emplace(query, MakeList(query, related));
  return lists;
}

// Writes a complete version into `dir`, which must not exist.
inline absl::StatusOr<index::v1::IndexInfo> WriteTinyIndex(const std::string& dir, const TinyMarkets& markets,
                                                           IndexVersion version = 1) {
  ASSIGN_OR_RETURN(const auto writer, IndexWriter::Create(dir));
  index::v1::IndexInfo info;
  info.set_version(version);
  info.set_built_at_ms(1'790'000'000'000);
  info.set_builder("test");
  for (const auto& [market, lists] : markets) {
    if (info.markets().empty()) info.set_default_market(market);
    info.add_markets()->set_name(market);
    std::map<NormalizedQuery, const RelatedList*> sorted;
    for (const auto& [typed, list] : lists) {
      ASSIGN_OR_RETURN(const NormalizedQuery query, NormalizeQuery(typed));
      if (!sorted.emplace(query, &list).second) return absl::InvalidArgumentError("twice: " + typed);
    }
    for (const auto& [query, list] : sorted) RETURN_IF_ERROR(writer->Add(market, query, *list));
  }
  return writer->Finish(std::move(info));
}

inline absl::StatusOr<index::v1::IndexInfo> WriteTinyIndex(const std::string& dir, const TinyLists& lists,
                                                           const std::string& market = "", IndexVersion version = 1) {
  return WriteTinyIndex(dir, TinyMarkets{{market, lists}}, version);
}

// Writes a version into a new folder of `parent` and opens it.
inline absl::StatusOr<std::shared_ptr<const IndexReader>> OpenTinyIndex(const TempDir& parent,
                                                                        const TinyMarkets& markets) {
  const std::string dir = parent.File("tiny-index");
  RETURN_IF_ERROR(WriteTinyIndex(dir, markets).status());
  ASSIGN_OR_RETURN(auto reader, IndexReader::Open(dir, IndexReader::Options()));
  return std::shared_ptr<const IndexReader>(std::move(reader));
}

inline absl::StatusOr<std::shared_ptr<const IndexReader>> OpenTinyIndex(const TempDir& parent, const TinyLists& lists,
                                                                        const std::string& market = "") {
  return OpenTinyIndex(parent, TinyMarkets{{market, lists}});
}

// Writes the root's next version and makes it complete. Returns its number.
inline absl::StatusOr<IndexVersion> AddTinyVersion(IndexRootWriter& root, const TinyMarkets& markets) {
  ASSIGN_OR_RETURN(const IndexVersion version, root.NextVersion());
  RETURN_IF_ERROR(WriteTinyIndex(root.BuildPath(version), markets, version).status());
  RETURN_IF_ERROR(root.Complete(version));
  return version;
}

// As AddTinyVersion() under the root at `path`, created where missing, and publishes it.
inline absl::StatusOr<IndexVersion> PublishTinyIndex(const std::string& path, const TinyMarkets& markets) {
  ASSIGN_OR_RETURN(const auto root, IndexRootWriter::Open(path));
  ASSIGN_OR_RETURN(const IndexVersion version, AddTinyVersion(*root, markets));
  RETURN_IF_ERROR(root->Publish(version));
  return version;
}

inline absl::StatusOr<IndexVersion> PublishTinyIndex(const std::string& path, const TinyLists& lists,
                                                     const std::string& market = "") {
  return PublishTinyIndex(path, TinyMarkets{{market, lists}});
}

}  // namespace kindred::testing
