#include "index/rank/rank_tables.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/rank/ranker.h"
#include "index/store/related_list.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;

// Two people each; the longest query has more words than stand among the facts.
EventTable Shop() {
  LogBuilder log;
  for (const char* user : {"u", "v"}) {
    log.Search(user, 0, "red tent").Search(user, 60, "big red tent for four people").Search(user, 120, "stove");
  }
  return log.Table();
}

TEST(RankTablesTest, FactsSayWhatTheTablesSay) {
  const EventTable table = Shop();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto tables, RankTables::Create(table, mined, {}));
  double popularity = 0;
  for (QueryId query = 0; query < table.queries.size(); ++query) {
    EXPECT_EQ(tables->facts[query].words, tables->words.words_of_query[query].size());
    popularity += tables->facts[query].popularity;
  }
  EXPECT_NEAR(popularity, 1, 1e-6);
}

// Of a long tail, that would be most of the work.
TEST(RankTablesTest, NothingIsFoundOutOfWhatNoListMayName) {
  LogBuilder log;
  for (const char* user : {"u", "v", "w", "x", "y"}) log.Search(user, 0, "tent").Search(user, 60, "stove");
  log.Search("u", 120, "rare tent").Search("u", 180, "two tents").Search("v", 180, "two tents");
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  RankOptions options;
  options.min_users = 5;
  ASSERT_OK_AND_ASSIGN(const auto tables, RankTables::Create(table, mined, options));
  const QueryId tent = IdOf(table, "tent"), rare = IdOf(table, "rare tent"), two = IdOf(table, "two tents");
  EXPECT_TRUE(tables->MayHaveList(tent));
  EXPECT_TRUE(tables->MayHaveList(two));
  EXPECT_FALSE(tables->MayHaveList(rare));
  EXPECT_EQ(tables->facts[tent].words, 1u);
  EXPECT_EQ(tables->facts[two].words + tables->facts[rare].words, 0u);
  EXPECT_GT(tables->spellings[tent].size, 0);
  EXPECT_GT(tables->spellings[two].size, 0);
  EXPECT_EQ(tables->spellings[rare].size, 0);
  EXPECT_EQ(tables->keywords[rare].users, 1u);
}

TEST(RankTablesTest, SharedWordsAreThoseInBothHoweverLong) {
  const EventTable table = Shop();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto tables, RankTables::Create(table, mined, {}));
  const auto& words = tables->words.words_of_query;
  for (QueryId a = 0; a < table.queries.size(); ++a) {
    for (QueryId b = 0; b < table.queries.size(); ++b) {
      std::vector<WordId> both;
      std::set_intersection(words[a].begin(), words[a].end(), words[b].begin(), words[b].end(),
                            std::back_inserter(both));
      EXPECT_EQ(tables->WordsShared(tables->WordsOf(a), b).all, both.size());
    }
  }
  const SourceWords red_tent = tables->WordsOf(IdOf(table, "red tent"));
  EXPECT_EQ(tables->WordsShared(red_tent, IdOf(table, "big red tent for four people")).all, 2u);
}

TEST(RankTablesTest, WordsThatGoWithEverythingAreNoEvidenceUnlessTheyAreAllOfTheSource) {
  const WordId words[] = {3, 5};
  const SourceWords source = {.words = words, .is_hub = {1, 0}};
  EXPECT_EQ((SharedWords{.all = 1, .hubs = 1}).Evident(source), 0u);
  EXPECT_EQ((SharedWords{.all = 1, .hubs = 0}).Evident(source), 1u);
  EXPECT_EQ((SharedWords{.all = 2, .hubs = 1}).Evident(source), 2u);
}

TEST(RankTablesTest, KeywordFactsAreWhatAListSays) {
  const EventTable table = Shop();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto tables, RankTables::Create(table, mined, {}));
  const QueryId stove = IdOf(table, "stove");
  EXPECT_EQ(tables->keywords[stove].display, "stove");
  EXPECT_EQ(tables->keywords[stove].users, 2u);
  EXPECT_EQ(tables->keywords[stove].fingerprint, QueryFingerprint(table.queries[stove]));
}

TEST(RankTablesTest, TablesOfALogThatIsGivenBackAreTheSame) {
  const EventTable table = Shop();
  const MinedLog mined = *Mine(table, {});
  MinedLog spent = mined;
  ASSERT_OK_AND_ASSIGN(const auto kept, RankTables::Create(table, mined, {}));
  ASSERT_OK_AND_ASSIGN(const auto lean, RankTables::Create(table, std::move(spent), {}));
  EXPECT_EQ(spent.counts.capacity() + spent.pairs.capacity() + spent.clicks.capacity(), 0u);
  EXPECT_EQ(spent.report.searches, mined.report.searches);
  Ranker of_kept(kept), of_lean(lean);
  for (QueryId query = 0; query < table.queries.size(); ++query) {
    EncodedList a, b;
    ASSERT_OK_AND_ASSIGN(const bool any, of_kept.Encode(query, a));
    ASSERT_OK_AND_ASSIGN(const bool any_of_lean, of_lean.Encode(query, b));
    ASSERT_EQ(any, any_of_lean);
    EXPECT_EQ(a.value, b.value);
  }
}

TEST(RankTablesTest, PopularQueriesAreFoundOnlyWhereTheyMayFill) {
  const EventTable table = Shop();
  const MinedLog mined = *Mine(table, {});
  RankOptions options;
  ASSERT_OK_AND_ASSIGN(const auto none, RankTables::Create(table, mined, options));
  EXPECT_THAT(none->popular, ::testing::IsEmpty());
  options.popular_fill = 1;
  ASSERT_OK_AND_ASSIGN(const auto some, RankTables::Create(table, mined, options));
  EXPECT_THAT(some->popular, ::testing::Contains(IdOf(table, "stove")));
}

TEST(RankTablesTest, RankersOfOneTableDoNotDisturbEachOther) {
  const EventTable table = Shop();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto tables, RankTables::Create(table, mined, {}));
  Ranker one(tables), other(tables);
  for (QueryId query = 0; query < table.queries.size(); ++query) {
    const auto list = one.Rank(query);
    other.Rank(static_cast<QueryId>(table.queries.size()) - 1 - query);
    const auto again = other.Rank(query);
    ASSERT_EQ(list.has_value(), again.has_value());
    if (!list.has_value()) continue;
    ASSERT_EQ(list->candidates.size(), again->candidates.size());
    for (size_t i = 0; i < list->candidates.size(); ++i) {
      EXPECT_EQ(list->candidates[i].keyword, again->candidates[i].keyword);
      EXPECT_EQ(list->candidates[i].evidence, again->candidates[i].evidence);
    }
  }
}

}  // namespace
}  // namespace kindred
