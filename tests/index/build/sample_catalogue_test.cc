#include "index/build/sample_catalogue.h"

#include <cmath>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(SampleCatalogueTest, GrowsWithThePowerOfTheRows) {
  const double small = static_cast<double>(SampleCatalogue(SampleMarket::kTaiwan, 1'000'000, 1).queries().size());
  const double large = static_cast<double>(SampleCatalogue(SampleMarket::kTaiwan, 10'000'000, 1).queries().size());
  EXPECT_NEAR(std::log10(large / small), 0.6, 0.05);
}

TEST(SampleCatalogueTest, ATopicHoldsEachQueryOnceAndItsNameFirst) {
  const SampleCatalogue catalogue(SampleMarket::kTaiwan, 100'000, 1);
  for (uint32_t topic = 0; topic < catalogue.hub_topic(); ++topic) {
    std::set<std::string> texts;
    for (const SampleQuery& query : catalogue.QueriesOf(topic)) {
      EXPECT_EQ(query.topic, topic);
      EXPECT_TRUE(texts.insert(query.text).second) << query.text;
    }
    EXPECT_EQ(catalogue.QueriesOf(topic)[0].text, catalogue.topics()[topic].heads[0]);
  }
  EXPECT_EQ(catalogue.QueriesOf(catalogue.hub_topic()).size(), SampleHubQueries(SampleMarket::kTaiwan).size());
}

TEST(SampleCatalogueTest, RefinementsHangOnTheirParent) {
  const SampleCatalogue catalogue(SampleMarket::kTaiwan, 100'000, 1);
  size_t refinements = 0;
  for (uint32_t query = 0; query < catalogue.queries().size(); ++query) {
    for (const uint32_t refinement : catalogue.Refinements(query)) {
      EXPECT_EQ(catalogue.queries()[refinement].parent, query);
      EXPECT_EQ(catalogue.queries()[refinement].topic, catalogue.queries()[query].topic);
      ++refinements;
    }
  }
  EXPECT_GT(refinements, catalogue.queries().size() / 2);
}

TEST(SampleCatalogueTest, NamesOfOneProductShareAShelf) {
  const SampleCatalogue catalogue(SampleMarket::kTaiwan, 100'000, 1);
  std::set<uint32_t> shelves;
  for (const SampleQuery& query : catalogue.QueriesOf(0)) {
    if (query.text == "airpods pro" || query.text == "airpods pro 2") shelves.insert(query.shelf);
  }
  EXPECT_EQ(shelves.size(), 1u);
}

TEST(SampleCatalogueTest, SeedsDifferAndRepeat) {
  const auto texts = [](uint64_t seed) {
    const SampleCatalogue catalogue(SampleMarket::kTaiwan, 100'000, seed);
    std::vector<std::string> texts;
    for (const SampleQuery& query : catalogue.queries()) texts.push_back(query.text);
    return texts;
  };
  EXPECT_EQ(texts(1), texts(1));
  EXPECT_NE(texts(1), texts(2));
}

TEST(SampleCatalogueTest, BlockbustersAreQueriesOfATopic) {
  for (const SampleMarket market : kSampleMarkets) {
    const SampleCatalogue catalogue(market, 10'000, 1);
    std::set<std::string> names;
    for (const uint32_t query : catalogue.blockbusters()) {
      EXPECT_LT(catalogue.queries()[query].topic, catalogue.hub_topic());
      names.insert(catalogue.queries()[query].text);
    }
    EXPECT_THAT(names, ::testing::IsSupersetOf({"xbox", "switch"})) << SampleMarketName(market);
  }
}

TEST(ZipfSamplerTest, DrawsFollowTheLaw) {
  const ZipfSampler zipf(1000);
  SampleRandom random(1);
  std::vector<double> counts(1000);
  for (int i = 0; i < 1'000'000; ++i) ++counts[zipf.Draw(1000, random)];
  EXPECT_NEAR(counts[0] / counts[15], std::pow(16, 0.95), 1.0);
  EXPECT_NEAR(counts[1] / counts[63], std::pow(32, 0.95), 3.0);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(zipf.Draw(1, random), 0u);
}

}  // namespace
}  // namespace kindred
