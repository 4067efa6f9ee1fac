#include "index/store/format.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/store/byte_cursor.h"
#include "index/store/gram_list.h"

namespace kindred {
namespace {

// Big-endian, so that byte order of keys is numeric order.
template <typename Unsigned>
void AppendBigEndian(std::string& out, Unsigned value) {
  for (size_t i = sizeof(Unsigned); i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i)));
}

std::string TextKey(RowKind kind, absl::string_view market, absl::string_view text) {
  std::string key = KeyPrefix(kind, market);
  key.append(text.data(), text.size());
  return key;
}

size_t BlocksOf(size_t documents) { return (documents + Norms::kBlock - 1) / Norms::kBlock; }

}  // namespace

std::string KeyPrefix(RowKind kind, absl::string_view market) {
  std::string key;
  key.push_back(static_cast<char>(kind));
  key.push_back(static_cast<char>(market.size()));
  key.append(market.data(), market.size());
  return key;
}

std::string DocumentKey(absl::string_view market, DocumentId document) {
  std::string key = KeyPrefix(RowKind::kDocument, market);
  AppendBigEndian(key, document);
  return key;
}

std::string GramKey(absl::string_view market, Gram gram) {
  std::string key = KeyPrefix(RowKind::kGram, market);
  AppendBigEndian(key, gram);
  return key;
}

std::string NormsKey(absl::string_view market) { return KeyPrefix(RowKind::kNorms, market); }

std::string QueryKey(absl::string_view market, absl::string_view query) {
  return TextKey(RowKind::kQuery, market, query);
}

std::string StrippedKey(absl::string_view market, absl::string_view stripped) {
  return TextKey(RowKind::kStripped, market, stripped);
}

absl::StatusOr<absl::string_view> MarketOfKey(absl::string_view key) {
  ByteCursor cursor(key);
  cursor.Fixed<uint8_t>();
  const auto size = cursor.Fixed<uint8_t>();
  const absl::string_view market = cursor.Bytes(size);
  if (cursor.failed()) return cursor.status();
  return market;
}

std::string EncodeGramList(absl::Span<const DocumentId> documents) {
  std::string directory;
  std::string low;
  uint16_t bands = 0;
  for (size_t i = 0; i < documents.size();) {
    const uint32_t band = documents[i] >> kBandBits;
    const size_t begin = i;
    for (; i < documents.size() && documents[i] >> kBandBits == band; ++i) {
      AppendFixed(low, static_cast<uint16_t>(documents[i]));
    }
    AppendFixed(directory, static_cast<uint16_t>(band));
    AppendFixed(directory, static_cast<uint16_t>(i - begin - 1));
    ++bands;
  }
  std::string out;
  AppendFixed(out, static_cast<uint32_t>(documents.size()));
  AppendFixed(out, bands);
  AppendFixed(out, uint16_t{0});
  out += directory;
  out += low;
  return out;
}

Norms MakeNorms(absl::Span<const float> ascending) {
  Norms norms;
  for (size_t i = 0; i < ascending.size(); i += Norms::kBlock) norms.per_64.push_back(ascending[i]);
  norms.per_64.push_back(ascending.back());
  norms.fraction.reserve(ascending.size());
  for (size_t i = 0; i < ascending.size(); ++i) {
    const float low = norms.per_64[i / Norms::kBlock];
    const float step = norms.per_64[i / Norms::kBlock + 1] - low;
    norms.fraction.push_back(step > 0 ? static_cast<uint8_t>(std::lround((ascending[i] - low) / step * 255)) : 0);
  }
  return norms;
}

std::string EncodeNorms(const Norms& norms) {
  std::string out;
  AppendFixed(out, norms.documents());
  for (const float norm : norms.per_64) AppendFloat(out, norm);
  out.append(norms.fraction.begin(), norms.fraction.end());
  return out;
}

absl::StatusOr<Norms> DecodeNorms(absl::string_view value) {
  ByteCursor cursor(value);
  const auto documents = cursor.Fixed<uint32_t>();
  if (documents == 0) cursor.Fail("no documents");
  const size_t norms_size = BlocksOf(documents) + 1;
  if (cursor.remaining() != 4 * norms_size + documents) {  // Before anything is reserved.
    cursor.Fail(absl::StrCat(value.size(), " bytes for the norms of ", documents, " documents"));
  }
  if (cursor.failed()) return cursor.status();
  Norms norms;
  norms.per_64.reserve(norms_size);
  for (size_t i = 0; i < norms_size; ++i) {
    const float norm = cursor.Float();
    const bool ascending = i == 0 || norm >= norms.per_64.back();
    if (!std::isfinite(norm) || norm <= 0 || !ascending) return absl::DataLossError(absl::StrCat("bad norm ", i));
    norms.per_64.push_back(norm);
  }
  const absl::string_view fraction = cursor.Bytes(documents);
  norms.fraction.assign(fraction.begin(), fraction.end());
  RETURN_IF_ERROR(cursor.Finish());
  return norms;
}

}  // namespace kindred
