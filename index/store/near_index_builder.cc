#include "index/store/near_index_builder.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

#include "common/status_macros.h"
#include "index/store/format.h"

namespace kindred {

void NearIndexBuilder::Add(NormalizedView query, uint32_t users) {
  Entry entry;
  entry.text = texts_.size();
  entry.users = users;
  entry.query_size = static_cast<uint16_t>(query.text().size());
  texts_.append(query.text().data(), query.text().size());
  const std::string stripped = StrippedForm(query);
  if (stripped != query.text()) {
    entry.stripped_size = static_cast<uint16_t>(stripped.size());
    texts_ += stripped;
  }
  for (const Gram gram : DistinctGrams(query)) {
    const auto [found, added] = id_of_gram_.try_emplace(gram, static_cast<uint32_t>(document_frequency_.size()));
    if (added) document_frequency_.push_back(0);
    ++document_frequency_[found->second];
    gram_ids_.push_back(found->second);
  }
  entry.grams_end = gram_ids_.size();
  entries_.push_back(entry);
}

absl::string_view NearIndexBuilder::Query(const Entry& entry) const {
  return absl::string_view(texts_).substr(entry.text, entry.query_size);
}

absl::string_view NearIndexBuilder::Stripped(const Entry& entry) const {
  if (entry.stripped_size == 0) return Query(entry);
  return absl::string_view(texts_).substr(entry.text + entry.query_size, entry.stripped_size);
}

// norm = sqrt(sum of idf^2 over the query's grams), idf = ln(1 + V / (1 + df)), V = number of documents. Always above
// 0. Ordered by the float that is stored; ties by query bytes. Machines' logarithms differ in their last bits: as
// floats they are the same but once in a hundred million.
void NearIndexBuilder::Number() {
  if (!order_.empty()) return;
  const auto documents = static_cast<double>(entries_.size());
  std::vector<double> idf_squared(document_frequency_.size());
  for (size_t id = 0; id < idf_squared.size(); ++id) {
    const double ratio = documents / (1 + static_cast<double>(document_frequency_[id]));
    const double idf = static_cast<float>(std::log(1 + ratio));
    idf_squared[id] = idf * idf;
  }
  std::vector<float> norm_of_entry;
  norm_of_entry.reserve(entries_.size());
  uint64_t at = 0;
  for (const Entry& entry : entries_) {
    double sum = 0;
    for (; at < entry.grams_end; ++at) sum += idf_squared[gram_ids_[at]];
    norm_of_entry.push_back(static_cast<float>(std::sqrt(sum)));
  }
  order_.resize(entries_.size());
  std::iota(order_.begin(), order_.end(), 0U);
  std::sort(order_.begin(), order_.end(),
            [&](uint32_t a, uint32_t b) { return std::tie(norm_of_entry[a], a) < std::tie(norm_of_entry[b], b); });
  norms_.reserve(order_.size());
  for (const uint32_t entry : order_) norms_.push_back(norm_of_entry[entry]);
}

// Of several queries with one stripped form, the one with most users; ties by bytes.
absl::Status NearIndexBuilder::WriteStripped(RowSink& sink) const {
  std::vector<uint32_t> order(entries_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    const Entry& left = entries_[a];
    const Entry& right = entries_[b];
    if (const int sign = Stripped(left).compare(Stripped(right)); sign != 0) return sign < 0;
    return left.users != right.users ? left.users > right.users : a < b;
  });
  for (size_t i = 0; i < order.size(); ++i) {
    const Entry& entry = entries_[order[i]];
    if (i > 0 && Stripped(entry) == Stripped(entries_[order[i - 1]])) continue;
    RETURN_IF_ERROR(sink.Add(StrippedKey(market_, Stripped(entry)), Query(entry)));
  }
  return absl::OkStatus();
}

absl::Status NearIndexBuilder::WriteDocuments(RowSink& sink) {
  Number();
  for (size_t document = 0; document < order_.size(); ++document) {
    const std::string key = DocumentKey(market_, static_cast<DocumentId>(document));
    RETURN_IF_ERROR(sink.Add(key, Query(entries_[order_[document]])));
  }
  return absl::OkStatus();
}

absl::Status NearIndexBuilder::WriteNorms(RowSink& sink) {
  Number();
  return sink.Add(NormsKey(market_), EncodeNorms(MakeNorms(norms_)));
}

absl::Status NearIndexBuilder::WriteGrams(RowSink& sink) {
  Number();
  // A counting sort by gram: where each gram's documents begin, then every document in ascending order.
  std::vector<uint64_t> next(document_frequency_.size() + 1);
  for (size_t id = 0; id < document_frequency_.size(); ++id) next[id + 1] = next[id] + document_frequency_[id];
  std::vector<DocumentId> postings(gram_ids_.size());
  for (size_t document = 0; document < order_.size(); ++document) {
    const uint32_t entry = order_[document];
    for (uint64_t at = entry == 0 ? 0 : entries_[entry - 1].grams_end; at < entries_[entry].grams_end; ++at) {
      postings[next[gram_ids_[at]]++] = static_cast<DocumentId>(document);
    }
  }
  std::vector<std::pair<Gram, uint32_t>> grams(id_of_gram_.begin(), id_of_gram_.end());
  std::sort(grams.begin(), grams.end());
  for (const auto& [gram, id] : grams) {
    const uint32_t size = document_frequency_[id];
    const absl::Span<const DocumentId> documents = absl::MakeConstSpan(postings).subspan(next[id] - size, size);
    RETURN_IF_ERROR(sink.Add(GramKey(market_, gram), EncodeGramList(documents)));
  }
  return absl::OkStatus();
}

}  // namespace kindred
