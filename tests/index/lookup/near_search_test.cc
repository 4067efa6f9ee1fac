#include "index/lookup/near_search.h"

#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/lookup/tiny_near_index.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::Normal;
using ::kindred::testing::RandomText;
using ::kindred::testing::TinyNearIndex;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::set<NormalizedQuery> Queries(const std::vector<std::string>& texts) {
  std::set<NormalizedQuery> queries;
  for (const std::string& text : texts) queries.insert(Normal(text));
  return queries;
}

std::vector<std::string> Texts(const TinyNearIndex& index, const Neighbours& found) {
  std::vector<std::string> texts;
  for (const Neighbour& neighbour : found.nearest) texts.emplace_back(index.texts()[neighbour.document].text());
  return texts;
}

// Distinct random queries; some are variants of others.
std::set<NormalizedQuery> RandomVocabulary(RandomText& random, RandomText::Script script, size_t size) {
  std::set<NormalizedQuery> queries;
  std::string last = random.Query(script);
  for (size_t i = 0; i < size; ++i) {
    last = random.Below(3) == 0 ? random.Variant(last, script) : random.Query(script);
    const NormalizedQuery query = Normal(last);
    if (!query.empty()) queries.insert(query);
  }
  return queries;
}

void ExpectAsBruteForce(const TinyNearIndex& index, const NormalizedQuery& query, NearSearch& search,
                        const NearSearch::Options& options) {
  const Neighbours found = index.Search(search, query);
  const std::vector<Neighbour> wanted = index.BruteForce(query, options.neighbours, options.min_cosine);
  EXPECT_FALSE(found.approximate);
  ASSERT_EQ(found.nearest.size(), wanted.size()) << query.text();
  for (size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(found.nearest[i].document, wanted[i].document) << query.text() << ", rank " << i;
    EXPECT_NEAR(found.nearest[i].cosine, wanted[i].cosine, 1e-6) << query.text() << ", rank " << i;
  }
}

TEST(NearSearchTest, FindsWhatSharesTheMostTellingGrams) {
  const TinyNearIndex index(Queries({"gears of war", "gears of war 2", "god of war", "halo reach",
                                     "xbox 360 controller", "无线蓝牙耳机", "无线耳机", "手机壳", "iphone 15 手机壳"}));
  NearSearch search;
  const auto nearest = [&](const char* query) { return Texts(index, index.Search(search, Normal(query))); };
  EXPECT_THAT(nearest("geers of war"), ElementsAre("gears of war", "gears of war 2"));
  EXPECT_EQ(nearest("controller xbox").front(), "xbox 360 controller");
  EXPECT_EQ(nearest("无线蓝牙耳机推荐").front(), "无线蓝牙耳机");
  EXPECT_EQ(nearest("iphone 14 手机壳").front(), "iphone 15 手机壳");
  EXPECT_THAT(nearest("zzzz qqqq"), IsEmpty());
}

TEST(NearSearchTest, AKnownQueryIsItsOwnNearest) {
  const TinyNearIndex index(Queries({"tent", "tent pegs", "tents", "camping tent"}));
  NearSearch search;
  for (const NormalizedQuery& query : index.texts()) {
    const Neighbours found = index.Search(search, query);
    EXPECT_EQ(Texts(index, found).front(), query.text());
    EXPECT_NEAR(found.nearest.front().cosine, 1, .02);
  }
}

TEST(NearSearchTest, IsExactOnThousandsOfRandomVocabularies) {
  RandomText random(1);
  const NearSearch::Options options;
  NearSearch search(options);
  for (int i = 0; i < 3000 && !::testing::Test::HasFailure(); ++i) {
    const auto script = static_cast<RandomText::Script>(i % 3);
    const TinyNearIndex index(RandomVocabulary(random, script, 1 + random.Below(i % 50 == 0 ? 1000 : 40)));
    for (int j = 0; j < 5; ++j) {
      const std::string known(index.texts()[random.Below(index.texts().size())].text());
      ExpectAsBruteForce(index, Normal(random.Variant(known, script)), search, options);
      ExpectAsBruteForce(index, Normal(random.Query(script)), search, options);
    }
  }
}

TEST(NearSearchTest, IsExactWithOtherNumbersOfNeighboursAndThresholds) {
  RandomText random(2);
  for (const size_t neighbours : {1, 2, 5, 20}) {
    for (const float min_cosine : {.05F, .3F, .6F, .95F}) {
      const NearSearch::Options options{.neighbours = neighbours, .min_cosine = min_cosine};
      NearSearch search(options);
      for (int i = 0; i < 12; ++i) {
        const TinyNearIndex index(RandomVocabulary(random, RandomText::kMixed, 1 + random.Below(300)));
        for (int j = 0; j < 5; ++j) {
          ExpectAsBruteForce(index, Normal(random.Query(RandomText::kMixed)), search, options);
        }
      }
    }
  }
}

// Bands differ in norm, so that their bounds and order come into play, and lists are long enough to be swept.
TEST(NearSearchTest, IsExactOverSeveralBands) {
  RandomText random(3);
  std::set<NormalizedQuery> queries;
  while (queries.size() < 2 * kBandDocuments + 5000) {
    queries.insert(Normal(random.Query(random.Below(8) == 0 ? RandomText::kMixed : RandomText::kEnglish)));
  }
  const TinyNearIndex index(queries);
  const NearSearch::Options options;
  NearSearch search(options);
  for (int i = 0; i < 60; ++i) {
    const std::string known(index.texts()[random.Below(index.texts().size())].text());
    const NormalizedQuery query = Normal(random.Variant(known, RandomText::kEnglish));
    ExpectAsBruteForce(index, query, search, options);
  }
}

// Sums of steps come near to what an accumulator holds, and most steps are small, so that rounding counts.
TEST(NearSearchTest, IsExactForQueriesOfDozensOfGrams) {
  RandomText random(9);
  const auto long_query = [&random] {
    std::string query = random.Query(RandomText::kEnglish);
    while (query.size() < 60) absl::StrAppend(&query, " ", random.Query(RandomText::kEnglish));
    return query;
  };
  std::set<NormalizedQuery> queries;
  for (int i = 0; i < 500; ++i) queries.insert(Normal(long_query()));
  while (queries.size() < 20'000) queries.insert(Normal(random.Query(RandomText::kEnglish)));
  const TinyNearIndex index(queries);
  const NearSearch::Options options{
      .neighbours = 20, .max_grams = 254, .budget = 1'000'000'000, .max_candidates_per_band = kBandDocuments};
  NearSearch search(options);
  for (int i = 0; i < 100; ++i) {
    const std::string known(index.texts()[random.Below(index.texts().size())].text());
    ExpectAsBruteForce(index, Normal(absl::StrCat(long_query(), " ", known)), search, options);
    ExpectAsBruteForce(index, Normal(random.Variant(long_query(), RandomText::kEnglish)), search, options);
  }
}

// Each gram of a phrase that a quarter of the queries hold weighs nearly nothing beside some that one query holds, and
// all of them together enough.
TEST(NearSearchTest, GramsOfLittleWeightStillCount) {
  const std::string phrase = "abcdefghijklmnopqrstuvwxyz bdfhjlnprtvxz cgkosw eimqu qazwsxedcrfvtgb";
  const std::string rare = "zyxwvutsrqponm";
  std::set<NormalizedQuery> queries = Queries({phrase, absl::StrCat(rare, " 1234567890 2468013579 aabbccddeeff")});
  for (int i = 0; i < 2'500; ++i) queries.insert(Normal(absl::StrCat(phrase, " ", i, " ", i + 7'000)));
  RandomText random(10);
  while (queries.size() < 10'000) queries.insert(Normal(random.Query(RandomText::kEnglish)));
  const TinyNearIndex index(queries);
  const NearSearch::Options options{.neighbours = 20, .max_grams = 254, .max_candidates_per_band = kBandDocuments};
  NearSearch search(options);
  const NormalizedQuery query = Normal(absl::StrCat(phrase, " ", rare));
  ASSERT_EQ(index.BruteForce(query, options.neighbours, options.min_cosine).size(), 2u);
  ExpectAsBruteForce(index, query, search, options);
}

TEST(NearSearchTest, CosinesAreThoseOfTheTextsButForTheStoredNorms) {
  RandomText random(4);
  const TinyNearIndex index(RandomVocabulary(random, RandomText::kEnglish, 2000));
  NearSearch search;
  const Neighbours found = index.Search(search, index.texts()[1000]);
  ASSERT_FALSE(found.nearest.empty());
  EXPECT_EQ(found.nearest.front().document, 1000);
  EXPECT_NEAR(found.nearest.front().cosine, 1, .001);
}

TEST(NearSearchTest, TiesGoToTheLowerDocument) {
  // Four queries of one norm, each sharing as much with the query.
  const TinyNearIndex index(Queries({"war abcdef", "war bcdefg", "war cdefgh", "war defghi", "other things entirely"}));
  NearSearch search({.neighbours = 3, .min_cosine = .01F});
  const Neighbours found = index.Search(search, Normal("war zyx"));
  ASSERT_EQ(found.nearest.size(), 3);
  EXPECT_EQ(found.nearest, index.BruteForce(Normal("war zyx"), 3, .01F));
}

TEST(NearSearchTest, OneCharacterQueriesHaveNeighbours) {
  const TinyNearIndex index(Queries({"a", "b", "包", "包包", "x box", "7"}));
  NearSearch search;
  for (const char* query : {"a", "b", "包", "7"}) {
    EXPECT_EQ(Texts(index, index.Search(search, Normal(query))).front(), query);
  }
  EXPECT_THAT(index.Search(search, Normal("z")).nearest, IsEmpty());
}

TEST(NearSearchTest, AnEmptyMarketHasNone) {
  const TinyNearIndex index({});
  NearSearch search;
  const Neighbours found = index.Search(search, Normal("tent"));
  EXPECT_THAT(found.nearest, IsEmpty());
  EXPECT_FALSE(found.approximate);
}

// A damaged list may name documents that its market does not have. Both ways of gathering meet them.
TEST(NearSearchTest, ADocumentThatTheMarketDoesNotHaveIsPassedOver) {
  for (const uint32_t documents : {3U, 3000U}) {
    const Norms norms = MakeNorms(std::vector<float>(documents, 1));
    std::vector<DocumentId> named(documents);
    std::iota(named.begin(), named.end(), documents - 1);  // The last one, and those after it.
    const std::string bytes = EncodeGramList(named);
    ASSERT_OK_AND_ASSIGN(GramList list, GramList::Decode(bytes, nullptr, documents));
    std::vector<GramList> lists;
    lists.push_back(std::move(list));
    const Neighbours found = NearSearch().Search(norms, lists);
    ASSERT_EQ(found.nearest.size(), 1U);
    EXPECT_EQ(found.nearest[0].document, documents - 1);
  }
}

// As many as are swept, in falling order.
TEST(NearSearchTest, AListThatDoesNotAscendLeavesNothingBehind) {
  constexpr uint32_t kDocuments = 20'000;
  const Norms norms = MakeNorms(std::vector<float>(kDocuments, 1));
  std::vector<DocumentId> named(kDocuments);
  std::iota(named.begin(), named.end(), 0);
  std::string bytes = EncodeGramList(named);
  for (uint32_t i = 0; i < kDocuments; ++i) {
    const uint32_t low = kDocuments - 1 - i;
    char* const at = bytes.data() + bytes.size() - 2 * (kDocuments - i);
    at[0] = static_cast<char>(low & 0xFF);
    at[1] = static_cast<char>(low >> 8);
  }
  std::vector<GramList> lists;
  ASSERT_OK_AND_ASSIGN(GramList list, GramList::Decode(bytes, nullptr, kDocuments));
  lists.push_back(std::move(list));
  NearSearch search;
  const Neighbours found = search.Search(norms, lists);
  for (const Neighbour& neighbour : found.nearest) EXPECT_LT(neighbour.document, kDocuments);
  EXPECT_EQ(search.Search(norms, lists).nearest, found.nearest);
  EXPECT_EQ(NearSearch().Search(norms, lists).nearest, found.nearest);
}

TEST(NearSearchTest, OneDocumentIsFound) {
  const TinyNearIndex index(Queries({"tent"}));
  NearSearch search;
  EXPECT_THAT(Texts(index, index.Search(search, Normal("tents"))), ElementsAre("tent"));
}

TEST(NearSearchTest, MoreGramsThanTheLimitIsApproximateAndStillFindsTheSameText) {
  RandomText random(5);
  std::set<NormalizedQuery> queries = RandomVocabulary(random, RandomText::kEnglish, 500);
  std::string hostile;  // 256 bytes, each gram of it new.
  for (int i = 0; hostile.size() < kMaxQueryBytes; ++i) {
    hostile += static_cast<char>('a' + i % 23);
    if (hostile.size() < kMaxQueryBytes) hostile += static_cast<char>('a' + i * i % 26);
  }
  queries.insert(Normal(hostile));
  const TinyNearIndex index(queries);
  NearSearch search;
  const Neighbours found = index.Search(search, Normal(hostile));
  EXPECT_TRUE(found.approximate);
  EXPECT_THAT(Texts(index, found), ElementsAre(hostile));
}

// Grams that nearly every query has ("the ... of ..."): nothing is rare, all postings count.
TEST(NearSearchTest, HubGramsAloneAreExactWithinTheBudgetAndMarkedBeyondIt) {
  RandomText random(6);
  std::set<NormalizedQuery> queries;
  while (queries.size() < 4000)
    queries.insert(Normal(absl::StrCat("gears of war ", random.Word(RandomText::kEnglish))));
  const TinyNearIndex index(queries);
  const NormalizedQuery hubs = Normal("war of gears");
  const NearSearch::Options options;
  NearSearch search(options);
  ExpectAsBruteForce(index, hubs, search, options);
  for (const uint64_t budget : {0, 1, 100, 20000}) {
    NearSearch poor({.budget = budget});
    const Neighbours found = index.Search(poor, hubs);
    EXPECT_EQ(found.approximate, budget <= 100) << budget;
    const std::vector<Neighbour> all = index.BruteForce(hubs, queries.size(), 0);
    for (const Neighbour& neighbour : found.nearest) {
      EXPECT_THAT(all, ::testing::Contains(neighbour)) << "a cosine is right even where the answer is approximate";
    }
  }
}

TEST(NearSearchTest, TheBestCandidatesOfABandAreKept) {
  RandomText random(7);
  const TinyNearIndex index(RandomVocabulary(random, RandomText::kEnglish, 3000));
  NearSearch search;
  NearSearch few({.max_candidates_per_band = 8});
  int approximate = 0;
  int same_best = 0;
  for (int i = 0; i < 200; ++i) {
    const NormalizedQuery query = index.texts()[random.Below(index.texts().size())];
    const Neighbours wanted = index.Search(search, query);
    const Neighbours found = index.Search(few, query);
    approximate += found.approximate ? 1 : 0;
    same_best += found.nearest.front() == wanted.nearest.front() ? 1 : 0;
  }
  EXPECT_GT(approximate, 50);
  EXPECT_EQ(same_best, 200);
}

TEST(NearSearchTest, ASearchLeavesNothingBehindForTheNext) {
  RandomText random(8);
  const TinyNearIndex index(RandomVocabulary(random, RandomText::kMixed, 3000));
  NearSearch::Options options{.budget = 3000, .max_candidates_per_band = 4};  // Cut short at every place.
  NearSearch used(options);
  for (int i = 0; i < 300; ++i) {
    const NormalizedQuery query = Normal(random.Query(RandomText::kMixed));
    NearSearch fresh(options);
    EXPECT_EQ(index.Search(used, query).nearest, index.Search(fresh, query).nearest) << query.text();
  }
}

}  // namespace
}  // namespace kindred
