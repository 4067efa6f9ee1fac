#include "index/evaluate/list_traits.h"

#include <cmath>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"

namespace kindred {
namespace {

using ::kindred::testing::LogBuilder;

NormalizedQuery Query(const std::string& text) { return *NormalizeQuery(text); }

std::vector<Candidate> List(const std::vector<std::string>& keywords) {
  std::vector<Candidate> list;
  for (const std::string& keyword : keywords) {
    Candidate& candidate = list.emplace_back();
    candidate.keyword = keyword;
    candidate.query_fingerprint = QueryFingerprint(Query(keyword));
    candidate.evidence.users = 1;
  }
  return list;
}

class ListReaderTest : public ::testing::Test {
 protected:
  // Clicks by distinct users: "mw" x 2, y 1; "modern warfare" x 2, y 1; "halo 3" and "halo 4" z 1 each; "cod" y 1.
  ListReaderTest() {
    LogBuilder log;
    for (const char* query : {"mw", "modern warfare"}) {
      log.Click("u", 0, query, "x").Click("v", 0, query, "x").Click("u", 1, query, "y");
    }
    log.Click("u", 0, "halo 3", "z").Click("u", 0, "halo 4", "z").Click("u", 0, "cod", "y");
    table_ = log.Table();
    mined_ = *Mine(table_, {});
  }

  EventTable table_;
  MinedLog mined_;
};

TEST_F(ListReaderTest, CosineIsOfUsersByProduct) {
  const ListReader reader(table_, mined_);
  EXPECT_DOUBLE_EQ(reader.CoClickCosine(Query("mw"), Query("modern warfare")), 1);
  EXPECT_DOUBLE_EQ(reader.CoClickCosine(Query("mw"), Query("cod")), 1 / std::sqrt(5.0));  // (2,1).(0,1) / |(2,1)|
  EXPECT_EQ(reader.CoClickCosine(Query("mw"), Query("halo 3")), 0);
  EXPECT_EQ(reader.CoClickCosine(Query("mw"), Query("never searched")), 0);
}

TEST_F(ListReaderTest, AliasesHaveTheSameProductsAndNumbers) {
  const ListReader reader(table_, mined_);
  EXPECT_TRUE(reader.IsAlias(Query("mw"), Query("modern warfare")));
  EXPECT_FALSE(reader.IsAlias(Query("mw"), Query("cod")));
  EXPECT_FALSE(reader.IsAlias(Query("halo 3"), Query("halo 4")));
}

TEST_F(ListReaderTest, TellsWhatAListHolds) {
  ListReader reader(table_, mined_);
  const ListTraits plain = reader.Read(Query("mw"), List({"cod", "halo 3"}));
  EXPECT_FALSE(plain.respelling);
  EXPECT_FALSE(plain.alias);
  EXPECT_FALSE(plain.no_evidence);
  EXPECT_TRUE(reader.Read(Query("mw"), List({"halo 3", "modern warfare"})).alias);
  EXPECT_TRUE(reader.Read(Query("controller"), List({"mw", "contrller"})).respelling);
  EXPECT_TRUE(reader.Read(Query("mw"), List({"Xbox Controllers", "cod", "xbox controller"})).respelling);
  std::vector<Candidate> popular = List({"cod"});
  popular[0].evidence = {};
  EXPECT_TRUE(reader.Read(Query("mw"), popular).no_evidence);
}

}  // namespace
}  // namespace kindred
