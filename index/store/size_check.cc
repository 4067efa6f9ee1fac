#include "index/store/size_check.h"

#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

uint64_t CountLists(const index::v1::IndexInfo& info) {
  uint64_t lists = 0;
  for (const index::v1::MarketInfo& market : info.markets()) lists += market.lists();
  return lists;
}

absl::Status CheckSize(const IndexRoot& root, const index::v1::IndexInfo& next, const index::v1::IndexInfo& before,
                       double min_ratio) {
  const uint64_t queries = CountLists(next);
  const uint64_t queries_before = CountLists(before);
  if (next.version() < before.version()) return absl::OkStatus();
  if (static_cast<double>(queries) >= min_ratio * static_cast<double>(queries_before)) return absl::OkStatus();
  const std::string accept = absl::StrCat(root.VersionPath(next.version()), "/", kAcceptSizeName);
  if (::access(accept.c_str(), F_OK) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("index version ", next.version(), ": it has ", queries, " queries, version ", before.version(),
                   " has ", queries_before, ", and --min_size_ratio is ", min_ratio,
                   ": look at the log that it was built from; to serve it all the same, touch ", accept,
                   "; servers look again within a minute"));
}

}  // namespace kindred
