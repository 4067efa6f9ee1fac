// Makes the rows by which near queries are found: stripped forms, gram lists, norms and document numbers of one market.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "index/store/norms.h"
#include "index/store/row_source.h"
#include "index/text/grams.h"
#include "index/text/normalized_query.h"

namespace kindred {

// Not thread-safe. Memory: a query's bytes (and those of its stripped form where it differs), about 36 bytes a query
// and 8 bytes a gram of each, until it is destroyed.
class NearIndexBuilder {
 public:
  explicit NearIndexBuilder(std::string market) : market_(std::move(market)) {}

  // REQUIRES: not empty; ascending, each once.
  void Add(NormalizedView query, uint32_t users);

  // Each writes the rows of one kind. Codes: RowSink::Add(). REQUIRES: one Add() at least, none after the first of
  // these.
  absl::Status WriteStripped(RowSink& sink) const;
  absl::Status WriteDocuments(RowSink& sink);
  absl::Status WriteNorms(RowSink& sink);
  absl::Status WriteGrams(RowSink& sink);

  const std::string& market() const { return market_; }

 private:
  struct Entry {
    uint64_t text = 0;       // Where the query's bytes begin in texts_; the stripped form's follow.
    uint64_t grams_end = 0;  // In gram_ids_; they begin where the entry before ends.
    uint32_t users = 0;
    uint16_t query_size = 0;
    uint16_t stripped_size = 0;  // 0: as the query.
  };

  absl::string_view Query(const Entry& entry) const;
  absl::string_view Stripped(const Entry& entry) const;
  void Number();  // Fills order_ and norms_, once.

  std::string market_;
  std::string texts_;
  std::vector<Entry> entries_;  // In byte order of the query.
  absl::flat_hash_map<Gram, uint32_t> id_of_gram_;
  std::vector<uint32_t> document_frequency_;  // By gram id.
  std::vector<uint32_t> gram_ids_;            // Of all entries, one after the other.
  std::vector<uint32_t> order_;               // Entry by document number.
  std::vector<float> norms_;                  // By document number: ascending.
};

}  // namespace kindred
