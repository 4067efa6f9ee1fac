#include "index/store/gram_list.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "index/store/byte_cursor.h"

namespace kindred {
namespace {

// Bands as the header lists them: what the counts say, before any posting is looked at.
struct Header {
  uint32_t document_frequency = 0;
  uint16_t bands = 0;
};

Header DecodeHeader(ByteCursor& cursor, uint32_t documents) {
  Header header;
  header.document_frequency = cursor.Fixed<uint32_t>();
  header.bands = cursor.Fixed<uint16_t>();
  const auto reserved = cursor.Fixed<uint16_t>();
  if (header.document_frequency == 0 || header.document_frequency > documents) {
    cursor.Fail(absl::StrCat("document frequency ", header.document_frequency, " of ", documents, " documents"));
  }
  if (header.bands == 0) cursor.Fail("no bands");
  if (reserved != 0) cursor.Fail("reserved bytes are not zero");
  return header;
}

}  // namespace

size_t LowParts::LowerBound(size_t begin, uint32_t limit) const {
  if (begin == size_) return begin;
  for (size_t left = size_ - begin; left > 1;) {
    const size_t half = left / 2;
    begin += ((*this)[begin + half - 1] < limit) ? half : 0;
    left -= half;
  }
  return begin + ((*this)[begin] < limit ? 1 : 0);
}

bool LowParts::Contains(uint16_t low) const {
  const size_t at = LowerBound(0, low);
  return at < size_ && (*this)[at] == low;
}

absl::StatusOr<GramList> GramList::Decode(absl::string_view bytes, std::shared_ptr<const void> owner,
                                          uint32_t documents) {
  ByteCursor cursor(bytes);
  const Header header = DecodeHeader(cursor, documents);
  ByteCursor directory(cursor.Bytes(size_t{4} * header.bands));
  if (cursor.failed()) return cursor.status();

  struct Owned {
    std::shared_ptr<const void> bytes;
    std::vector<Band> bands;
  };
  const auto owned = std::make_shared<Owned>(Owned{std::move(owner), {}});
  std::vector<Band>& bands = owned->bands;
  bands.reserve(header.bands);
  uint64_t postings = 0;
  for (uint16_t i = 0; i < header.bands; ++i) {
    Band band;
    band.number = directory.Fixed<uint16_t>();
    const size_t size = size_t{directory.Fixed<uint16_t>()} + 1;
    const absl::string_view low = cursor.Bytes(2 * size);
    if (cursor.failed()) return cursor.status();
    if (i > 0 && band.number <= bands.back().number) cursor.Fail("bands are not ascending");
    if (uint64_t{band.number} * kBandDocuments >= documents) cursor.Fail(absl::StrCat("no such band: ", band.number));
    band.low = LowParts(low.data(), size);
    postings += size;
    bands.push_back(band);
  }
  if (postings != header.document_frequency) {
    cursor.Fail(absl::StrCat(postings, " postings, but a document frequency of ", header.document_frequency));
  }
  if (absl::Status status = cursor.Finish(); !status.ok()) return status;
  GramList list;
  list.owner_ = owned;
  list.bands_ = bands;
  list.document_frequency_ = header.document_frequency;
  return list;
}

}  // namespace kindred
