#include "index/lookup/query_parts.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"

namespace kindred {
namespace {

constexpr size_t kMostWords = 5, kMostReordered = 3;

}  // namespace

std::vector<QueryPart> PartsOf(const NormalizedQuery& query, absl::Span<const absl::string_view> words) {
  std::vector<QueryPart> parts;
  if (words.size() < 2 || words.size() > kMostWords) return parts;
  const auto add = [&](absl::string_view text, bool has_all_words) {
    absl::StatusOr<NormalizedQuery> part = NormalizeQuery(text);
    if (!part.ok() || part->empty() || *part == query) return;
    if (absl::c_any_of(parts, [&](const QueryPart& other) { return other.query == *part; })) return;
    parts.push_back({*std::move(part), has_all_words});
  };
  if (words.size() <= kMostReordered) {
    std::vector<size_t> order(words.size());
    absl::c_iota(order, 0);
    while (absl::c_next_permutation(order)) {
      add(absl::StrJoin(order, " ", [&](std::string* out, size_t i) { out->append(words[i].data(), words[i].size()); }),
          true);
    }
  }
  for (size_t size = words.size() - 1; size > 0; --size) {
    for (size_t first = 0; first + size <= words.size(); ++first) {
      const absl::string_view last = words[first + size - 1];
      const char* const begin = words[first].data();
      add(absl::string_view(begin, static_cast<size_t>(last.data() + last.size() - begin)), false);
    }
  }
  return parts;
}

}  // namespace kindred
