// Tiny indexes as a build records them: with the fewest users of a keyword.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/store/index_reader.h"
#include "index/store/index_writer.h"
#include "index/text/normalized_query.h"
#include "kindred/index/v1/index_info.pb.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred::testing {

// One market without a name, as if built with --min_users.
inline absl::StatusOr<std::shared_ptr<const IndexReader>> OpenLookupIndex(const TempDir& parent, const TinyLists& lists,
                                                                          uint32_t min_users) {
  std::map<NormalizedQuery, RelatedList> sorted;
  for (const auto& [typed, list] : lists) {
    ASSIGN_OR_RETURN(const NormalizedQuery query, NormalizeQuery(typed));
    sorted.emplace(query, list);
  }
  const std::string dir = parent.File("lookup-index");
  ASSIGN_OR_RETURN(const auto writer, IndexWriter::Create(dir));
  for (const auto& [query, list] : sorted) RETURN_IF_ERROR(writer->Add("", query, list));
  index::v1::IndexInfo info;
  info.set_version(1);
  info.add_markets();
  (*info.mutable_parameters())["min_users"] = absl::StrCat(min_users);
  RETURN_IF_ERROR(writer->Finish(std::move(info)).status());
  ASSIGN_OR_RETURN(auto reader, IndexReader::Open(dir, IndexReader::Options()));
  return std::shared_ptr<const IndexReader>(std::move(reader));
}

}  // namespace kindred::testing
