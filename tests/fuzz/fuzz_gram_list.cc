// Whatever the bytes of a gram list, of norms or of a key: every access within them and every band within the
// market, or DataLoss. The first four bytes are the market's number of documents.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "index/store/byte_cursor.h"
#include "index/store/format.h"
#include "index/store/gram_list.h"

namespace {

void CheckGramList(absl::string_view bytes, uint32_t documents) {
  const auto list = kindred::GramList::Decode(bytes, nullptr, documents);
  if (!list.ok()) {
    if (!absl::IsDataLoss(list.status())) std::abort();
    return;
  }
  uint64_t postings = 0;
  for (const auto& band : list->bands()) {
    if (uint64_t{band.number} * kindred::kBandDocuments >= documents) std::abort();
    for (size_t i = 0; i < band.low.size(); ++i) band.low.Contains(band.low[i]);
    postings += band.low.size();
  }
  if (postings != list->document_frequency() || postings == 0) std::abort();
}

void CheckNorms(absl::string_view bytes) {
  const auto norms = kindred::DecodeNorms(bytes);
  if (!norms.ok()) return;
  for (uint32_t document = 0; document < norms->documents(); ++document) {
    if (!(norms->of(document) > 0)) std::abort();
  }
  if (kindred::EncodeNorms(*norms) != bytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  kindred::ByteCursor cursor(input);
  const auto documents = cursor.Fixed<uint32_t>();
  if (cursor.failed()) return 0;
  CheckGramList(input.substr(4), documents);
  CheckNorms(input);
  (void)kindred::MarketOfKey(input);
  return 0;
}
