// Keys and values of the index database, in bytes (related lists: related_list_codec.h). The page about them, with
// worked examples: index/store/FORMAT.md. Encoders trust their caller, decoders trust nothing: whatever the bytes, they
// give a value within the limits or DataLoss.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/store/norms.h"
#include "index/store/related_list.h"
#include "index/text/grams.h"

namespace kindred {

// Of the rows and of INDEX_INFO. Numbers below never change their meaning within a version.
inline constexpr uint32_t kIndexFormatVersion = 1;

// First byte of a key: what the row is.
enum class RowKind : char {
  kDocument = 'D',  // Document number -> normalized query.
  kGram = 'G',      // Gram -> gram list.
  kNorms = 'N',     // -> norms.
  kQuery = 'Q',     // Normalized query -> related list.
  kStripped = 'S',  // Stripped form -> normalized query.
};

// The bytes with which all keys of a kind and a market begin. REQUIRES: market of at most kMaxMarketBytes.
std::string KeyPrefix(RowKind kind, absl::string_view market);
std::string DocumentKey(absl::string_view market, DocumentId document);
std::string GramKey(absl::string_view market, Gram gram);
std::string NormsKey(absl::string_view market);
std::string QueryKey(absl::string_view market, absl::string_view query);
std::string StrippedKey(absl::string_view market, absl::string_view stripped);
// The market within a key. DataLoss: the key is shorter than it says.
absl::StatusOr<absl::string_view> MarketOfKey(absl::string_view key);

// REQUIRES: documents strictly ascending, at least one. GramList::Decode() is the other way.
std::string EncodeGramList(absl::Span<const DocumentId> documents);

// Norms of documents in ascending order. REQUIRES: at least one, ascending, finite, positive.
Norms MakeNorms(absl::Span<const float> ascending);
std::string EncodeNorms(const Norms& norms);
absl::StatusOr<Norms> DecodeNorms(absl::string_view value);

}  // namespace kindred
