#include "index/rank/row_sums.h"

#include <memory>

#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;

// The sums as their definition has them, one entry after the other.
float PoolUsers(const RankTables& tables, QueryId source, QueryId query) {
  float sum = 0;
  for (const WordId word : tables.words.words_of_query[source]) {
    const auto weight = static_cast<float>(tables.words.idf[word]);
    for (const PoolEntry& entry : tables.words.pools[word]) {
      if (entry.query == query) sum += weight * entry.users;
    }
  }
  return sum;
}

TEST(RowSumsTest, AddsTheRowsOfEverySourceInAnyOrder) {
  LogBuilder log;
  for (const char* user : {"u", "v"}) {
    log.Search(user, 0, "red tent").Click(user, 30, "red tent", "p1").Search(user, 60, "big red tent");
    log.Click(user, 90, "big red tent", "p1").Search(user, 120, "stove").Click(user, 150, "stove", "p2");
  }
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto tables, RankTables::Create(table, mined, {}));
  RowSums sums(tables);
  for (const QueryId source : {2u, 0u, 1u, 0u}) {
    const SourceSums of_source = sums.Sum(source);
    EXPECT_EQ(of_source.words, tables->words.words_of_query[source].size());
    ASSERT_FALSE(sums.touched().empty());
    for (const PairSums& sum : sums.touched()) {
      EXPECT_EQ(sum.pool_users, PoolUsers(*tables, source, sum.id));
      EXPECT_EQ(sums.Find(sum.id), &sum);
    }
    const auto row = tables->neighbors.rows[source];
    for (size_t i = 0; i < row.size(); ++i) EXPECT_EQ(sums.touched()[i].id, row[i].query);
  }
  sums.Sum(IdOf(table, "red tent"));
  const PairSums* bigger = sums.Find(IdOf(table, "big red tent"));
  ASSERT_NE(bigger, nullptr);
  EXPECT_EQ(bigger->products, 1u);
  EXPECT_FLOAT_EQ(bigger->walk1, .5f);
  EXPECT_EQ(sums.Find(12345), nullptr);
}

}  // namespace
}  // namespace kindred
