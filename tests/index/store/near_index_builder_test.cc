#include "index/store/near_index_builder.h"

#include <cmath>
#include <map>
#include <random>
#include <set>

#include "index/store/index_reader.h"
#include "tests/index/store/documents_of.h"
#include "tests/index/text/query.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using testing::DocumentsOf;
using testing::MakeList;
using testing::OpenTinyIndex;
using testing::Query;
using testing::TempDir;
using testing::TinyLists;

// What the builder makes, made again without any cleverness.
struct BruteForce {
  std::vector<NormalizedQuery> documents;  // By number.
  std::vector<float> norms;
  std::map<Gram, std::vector<DocumentId>> postings;

  explicit BruteForce(const std::set<NormalizedQuery>& queries) {
    std::map<Gram, int> df;
    for (const NormalizedQuery& query : queries) {
      for (const Gram gram : DistinctGrams(query)) ++df[gram];
    }
    std::vector<std::pair<float, NormalizedQuery>> order;
    for (const NormalizedQuery& query : queries) {
      double sum = 0;
      for (const Gram gram : DistinctGrams(query)) {
        sum += std::pow(std::log(1 + static_cast<double>(queries.size()) / (1 + df[gram])), 2);
      }
      order.emplace_back(static_cast<float>(std::sqrt(sum)), query);
    }
    std::sort(order.begin(), order.end());
    for (const auto& [norm, query] : order) {
      for (const Gram gram : DistinctGrams(query)) postings[gram].push_back(static_cast<DocumentId>(documents.size()));
      documents.push_back(query);
      norms.push_back(norm);
    }
  }
};

std::set<NormalizedQuery> RandomQueries(uint32_t seed, size_t count) {
  const std::vector<std::string> parts = {"a", "b",  "ten", "t",  "camp", "stove", " ",
                                          " ", "15", "手",  "機", "殼",   "ス",    "マ"};
  std::mt19937 random(seed);
  std::set<NormalizedQuery> queries;
  while (queries.size() < count) {
    std::string text;
    for (size_t i = 0, size = 1 + random() % 6; i < size; ++i) text += parts[random() % parts.size()];
    const NormalizedQuery query = Query(text);
    if (!query.empty()) queries.insert(query);
  }
  return queries;
}

TinyLists ListsOf(const std::set<NormalizedQuery>& queries) {
  TinyLists lists;
  for (const NormalizedQuery& query : queries) lists.emplace(std::string(query.text()), MakeList("x", {"y"}));
  return lists;
}

TEST(NearIndexBuilderTest, AgreesWithBruteForceOnRandomQueries) {
  for (const size_t count : {1, 64, 65, 700}) {
    SCOPED_TRACE(count);
    const std::set<NormalizedQuery> queries = RandomQueries(static_cast<uint32_t>(count), count);
    const BruteForce want(queries);
    const TempDir dir;
    ASSERT_OK_AND_ASSIGN(const auto reader, OpenTinyIndex(dir, ListsOf(queries)));
    ASSERT_EQ(reader->documents(""), count);
    const Norms& norms = reader->norms("");
    for (DocumentId document = 0; document < count; ++document) {
      ASSERT_OK_AND_ASSIGN(const NormalizedQuery query, reader->DocumentQuery("", document));
      EXPECT_EQ(query, want.documents[document]) << document;
      const float step = norms.per_64[document / 64 + 1] - norms.per_64[document / 64];
      EXPECT_NEAR(norms.of(document), want.norms[document], step / 500 + 1e-5);
    }
    for (const auto& [gram, documents] : want.postings) {
      ASSERT_OK_AND_ASSIGN(const auto lists, reader->GramLists("", {gram, ~gram}));
      ASSERT_EQ(lists.size(), 2U);
      EXPECT_EQ(lists[0].document_frequency(), documents.size());
      EXPECT_EQ(lists[1].document_frequency(), 0U);
      EXPECT_EQ(DocumentsOf(lists[0]), documents);
    }
  }
}

TEST(NearIndexBuilderTest, OfEqualStrippedFormsTheOneOfMostUsersWinsThenTheFirstInByteOrder) {
  const TempDir dir;
  TinyLists lists;
  lists["tent pegs"] = MakeList("x", {"y"}, 5);
  lists["tentpegs"] = MakeList("x", {"y"}, 7);
  lists["te ntpegs"] = MakeList("x", {"y"}, 6);
  lists["camp bed"] = MakeList("x", {"y"}, 5);
  lists["campbed"] = MakeList("x", {"y"}, 5);
  ASSERT_OK_AND_ASSIGN(const auto reader, OpenTinyIndex(dir, lists));
  EXPECT_EQ(reader->FindStripped("", "tentpegs").value(), Query("tentpegs"));
  EXPECT_EQ(reader->FindStripped("", "campbed").value(), Query("camp bed"));
}

TEST(NearIndexBuilderTest, MarketsCountApart) {
  const TempDir dir;
  const auto one = RandomQueries(1, 40);
  const auto two = RandomQueries(2, 90);
  ASSERT_OK_AND_ASSIGN(const auto reader,
                       OpenTinyIndex(dir, testing::TinyMarkets{{"jp", ListsOf(one)}, {"us", ListsOf(two)}}));
  EXPECT_EQ(reader->documents("jp"), 40U);
  EXPECT_EQ(reader->documents("us"), 90U);
  const BruteForce want(two);
  for (const auto& [gram, documents] : want.postings) {
    ASSERT_OK_AND_ASSIGN(const auto lists, reader->GramLists("us", {gram}));
    ASSERT_EQ(lists.size(), 1U);
    EXPECT_EQ(DocumentsOf(lists[0]), documents);
  }
}

}  // namespace
}  // namespace kindred
