// Near search over an index of the fuzzer's bytes: any query, any gram lists that decode. It must end within its
// budget, name only documents that exist, and leave nothing behind for the next search.
//
// Input: documents:u16, then pieces of size:u16 and bytes. The first piece is the query, each other one a gram list.
// One that does not decode is read as steps between document numbers instead: a right header is hard to guess.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "index/lookup/near_search.h"
#include "index/store/format.h"
#include "index/store/gram_list.h"
#include "index/text/grams.h"
#include "index/text/normalized_query.h"

namespace kindred {
namespace {

class Input {
 public:
  explicit Input(absl::string_view bytes) : bytes_(bytes) {}
  bool empty() const { return bytes_.empty(); }
  uint16_t Number() {
    const absl::string_view two = Take(2);
    return two.size() < 2 ? 0 : static_cast<uint16_t>(static_cast<uint8_t>(two[0]) << 8 | static_cast<uint8_t>(two[1]));
  }
  absl::string_view Piece() { return Take(Number()); }

 private:
  absl::string_view Take(size_t size) {
    const absl::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(taken.size());
    return taken;
  }
  absl::string_view bytes_;
};

std::string AsDocuments(absl::string_view bytes, uint32_t documents) {
  std::vector<DocumentId> ids;
  for (const char byte : bytes) {
    const DocumentId next = (ids.empty() ? 0 : ids.back() + 1) + static_cast<uint8_t>(byte) * 300U;
    if (next >= documents) break;
    ids.push_back(next);
  }
  return ids.empty() ? std::string() : EncodeGramList(ids);
}

Norms SomeNorms(uint32_t documents) {
  std::vector<float> ascending(documents);
  for (uint32_t i = 0; i < documents; ++i) ascending[i] = 1 + static_cast<float>(i) * .0005F;
  return MakeNorms(ascending);
}

void Check(const Neighbours& found, const NearSearch::Options& options, uint32_t documents) {
  if (found.nearest.size() > options.neighbours) std::abort();
  for (size_t i = 0; i < found.nearest.size(); ++i) {
    const Neighbour& neighbour = found.nearest[i];
    if (neighbour.document >= documents) std::abort();
    if (!(neighbour.cosine > options.min_cosine && neighbour.cosine <= 1)) std::abort();
    if (i > 0 && neighbour.cosine > found.nearest[i - 1].cosine) std::abort();
  }
}

}  // namespace
}  // namespace kindred

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace kindred;
  Input input(absl::string_view(reinterpret_cast<const char*>(data), size));
  const uint32_t documents = 1 + 3U * input.Number();  // Up to three bands and a bit.
  static const Norms* const all_norms = new Norms(SomeNorms(3 * 65'536));
  Norms norms;
  norms.fraction.assign(all_norms->fraction.begin(), all_norms->fraction.begin() + documents);
  norms.per_64.assign(all_norms->per_64.begin(), all_norms->per_64.begin() + (documents - 1) / Norms::kBlock + 2);

  const absl::StatusOr<NormalizedQuery> query = NormalizeQuery(input.Piece());
  const size_t grams = query.ok() ? DistinctGrams(*query).size() : 300;
  std::vector<std::string> made;
  made.reserve(grams);
  std::vector<GramList> lists;
  while (!input.empty() && lists.size() < grams) {
    const absl::string_view bytes = input.Piece();
    absl::StatusOr<GramList> list = GramList::Decode(bytes, nullptr, documents);
    if (!list.ok()) {
      made.push_back(AsDocuments(bytes, documents));
      list = GramList::Decode(made.back(), nullptr, documents);
    }
    if (list.ok()) lists.push_back(*std::move(list));
    if (made.size() == grams) break;
  }

  lists.resize(grams);

  static NearSearch* const used = new NearSearch();
  const Neighbours found = used->Search(norms, lists);
  Check(found, NearSearch::Options(), documents);
  const NearSearch::Options strict{.budget = 500, .max_candidates_per_band = 3};
  Check(NearSearch(strict).Search(norms, lists), strict, documents);
  NearSearch fresh;
  if (fresh.Search(norms, lists).nearest != found.nearest) std::abort();
  return 0;
}
