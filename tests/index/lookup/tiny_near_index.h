// A near index in memory, made in the plainest way, and the nearest queries by looking at every one of them.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "index/lookup/near_search.h"
#include "index/store/format.h"
#include "index/store/gram_list.h"
#include "index/text/grams.h"
#include "index/text/normalized_query.h"

namespace kindred::testing {

inline NormalizedQuery Normal(const std::string& text) {
  absl::StatusOr<NormalizedQuery> query = NormalizeQuery(text);
  EXPECT_TRUE(query.ok()) << query.status();
  return query.value_or(NormalizedQuery());
}

class TinyNearIndex {
 public:
  explicit TinyNearIndex(const std::set<NormalizedQuery>& queries) {
    const double all = static_cast<double>(queries.size());
    std::map<Gram, double> df;
    for (const NormalizedQuery& query : queries) {
      for (const Gram gram : DistinctGrams(query)) ++df[gram];
    }
    std::vector<std::pair<float, NormalizedQuery>> by_norm;
    for (const NormalizedQuery& query : queries) {
      double norm2 = 0;
      for (const Gram gram : DistinctGrams(query)) norm2 += std::pow(std::log(1 + all / (1 + df[gram])), 2);
      by_norm.emplace_back(static_cast<float>(std::sqrt(norm2)), query);
    }
    std::sort(by_norm.begin(), by_norm.end());
    for (auto& [norm, query] : by_norm) {
      for (const Gram gram : DistinctGrams(query)) documents_[gram].push_back(static_cast<DocumentId>(texts_.size()));
      true_norms_.push_back(norm);
      texts_.push_back(query);
    }
    if (!true_norms_.empty()) norms_ = MakeNorms(true_norms_);
    for (const auto& [gram, documents] : documents_) bytes_[gram] = EncodeGramList(documents);
  }

  const Norms& norms() const { return norms_; }
  const std::vector<NormalizedQuery>& texts() const { return texts_; }

  std::vector<GramList> Lists(const NormalizedQuery& query) const {
    std::vector<GramList> lists;
    for (const Gram gram : DistinctGrams(query)) {
      lists.emplace_back();
      const auto found = bytes_.find(gram);
      if (found == bytes_.end()) continue;
      absl::StatusOr<GramList> list = GramList::Decode(found->second, nullptr, norms_.documents());
      EXPECT_TRUE(list.ok()) << list.status();
      if (list.ok()) lists.back() = *std::move(list);
    }
    return lists;
  }

  Neighbours Search(NearSearch& search, const NormalizedQuery& query) const {
    return search.Search(norms_, Lists(query));
  }

  // By the formula of near_search.h over all documents, with stored norms.
  std::vector<Neighbour> BruteForce(const NormalizedQuery& query, size_t count, float min_cosine) const {
    const double all = norms_.documents();
    double norm2 = 0;
    std::vector<std::pair<size_t, const std::vector<DocumentId>*>> known;  // Rarest first: sums are made in that order.
    for (const Gram gram : DistinctGrams(query)) {
      const auto found = documents_.find(gram);
      if (found == documents_.end()) {
        norm2 += std::log(1 + all) * std::log(1 + all);
      } else {
        known.emplace_back(found->second.size(), &found->second);
      }
    }
    std::sort(known.begin(), known.end());
    std::vector<double> dot(texts_.size(), 0);
    for (const auto& [df, documents] : known) {
      const double idf = std::log(1 + all / (1 + static_cast<double>(df)));
      norm2 += idf * idf;
      for (const DocumentId document : *documents) dot[document] += idf * idf;
    }
    std::vector<Neighbour> nearest;
    for (DocumentId d = 0; d < texts_.size(); ++d) {
      const double cosine = std::min(1.0, dot[d] / (std::sqrt(norm2) * norms_.of(d)));
      if (static_cast<float>(cosine) > min_cosine) nearest.push_back({d, static_cast<float>(cosine)});
    }
    std::sort(nearest.begin(), nearest.end(), [](const Neighbour& a, const Neighbour& b) {
      return a.cosine > b.cosine || (a.cosine == b.cosine && a.document < b.document);
    });
    if (nearest.size() > count) nearest.resize(count);
    return nearest;
  }

 private:
  std::vector<NormalizedQuery> texts_;  // By document.
  std::vector<float> true_norms_;
  std::map<Gram, std::vector<DocumentId>> documents_;
  std::map<Gram, std::string> bytes_;
  Norms norms_;
};

// Words of syllables, or of a few dozen Chinese characters, or both: few enough that queries share many grams.
class RandomText {
 public:
  enum Script { kEnglish, kChinese, kMixed };

  explicit RandomText(uint32_t seed) : random_(seed) {}

  size_t Below(size_t bound) { return random_() % bound; }

  std::string Word(Script script) {
    if (script == kMixed) script = Below(2) == 0 ? kEnglish : kChinese;
    std::string word;
    for (size_t i = 1 + Below(4); i > 0; --i) {
      word +=
          script == kEnglish ? kSyllables[Below(std::size(kSyllables))] : kCharacters[Below(std::size(kCharacters))];
    }
    return word;
  }

  std::string Query(Script script) {
    std::string query = Word(script);
    for (size_t i = Below(4); i > 0; --i) absl::StrAppend(&query, " ", Word(script));
    return query;
  }

  // With a word more or less, two words or two bytes swapped, or a letter changed. Chinese is changed by words only.
  std::string Variant(const std::string& query, Script script) {
    switch (Below(4)) {
      case 0:
        return absl::StrCat(query, " ", Word(script));
      case 1:
        return query.find(' ') == std::string::npos ? query : query.substr(query.find(' ') + 1);
      case 2: {
        const size_t space = query.find(' ');
        return space == std::string::npos ? query : absl::StrCat(query.substr(space + 1), " ", query.substr(0, space));
      }
      default: {
        std::string typo = query;
        char& letter = typo[Below(typo.size())];
        if (letter >= 'a' && letter <= 'z') letter = static_cast<char>('a' + Below(26));
        return typo;
      }
    }
  }

 private:
  static constexpr const char* kSyllables[] = {"a",  "ba",  "con", "de", "er", "fi",  "gu", "ho",
                                               "in", "ka",  "lo",  "ma", "ne", "o",   "pa", "ra",
                                               "se", "tro", "x",   "3",  "60", "war", "ti", "y"};
  static constexpr const char* kCharacters[] = {"无", "线", "蓝", "牙", "耳", "机", "手", "壳", "保", "护",
                                                "充", "电", "器", "大", "小", "白", "色", "电", "脑", "包"};

  std::minstd_rand random_;
};

}  // namespace kindred::testing
