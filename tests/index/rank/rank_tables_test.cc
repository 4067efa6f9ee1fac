#include "index/rank/rank_tables.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/rank/ranker.h"
#include "index/store/related_list.h"
#include "tests/testing/file_size_limit.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::FileSizeLimit;
using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;

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

// A shop of a few thousand queries, counted in files where the budget is 1 MiB, which the process holds anyway.
EventTable LargeShop(const SpillOptions& spill) {
  LogBuilder log(spill);
  std::mt19937 random(17);
  for (int visit = 0; visit < 4000; ++visit) {
    const std::string user = "u" + std::to_string(visit % 1500), topic = std::to_string(random() % 150);
    for (int search = 0; search < 4; ++search) {
      const std::string query = "topic" + topic + " word" + std::to_string(random() % 20);
      log.Click(user, visit * 1000 + search * 60, query, "p" + topic + "-" + std::to_string(random() % 5));
    }
  }
  return log.Table();
}

template <typename Entry>
bool AreSame(const SparseRows<Entry>& a, const SparseRows<Entry>& b) {
  if (a.rows() != b.rows() || a.entries() != b.entries()) return false;
  for (uint32_t row = 0; row < a.rows(); ++row) {
    if (a[row].size() != b[row].size() ||
        std::memcmp(a[row].data(), b[row].data(), a[row].size() * sizeof(Entry)) != 0) {
      return false;
    }
  }
  return true;
}

TEST(RankTablesTest, TablesInFilesHoldWhatThoseInMemoryHold) {
  const TempDir dir;
  const EventTable near = LargeShop({});
  const EventTable far = LargeShop({.temp_dir = dir.path(), .process_budget_bytes = 1 << 20});
  ASSERT_OK_AND_ASSIGN(const auto in_memory, RankTables::Create(near, *Mine(near, {}), {}));
  for (const uint32_t threads : {1u, 3u}) {
    MineOptions mine;
    mine.threads = threads;
    ASSERT_OK_AND_ASSIGN(const auto in_files, RankTables::Create(far, *Mine(far, mine), {}, threads));
    EXPECT_TRUE(AreSame(in_memory->neighbors.rows, in_files->neighbors.rows));
    EXPECT_TRUE(AreSame(in_memory->words.words_of_query, in_files->words.words_of_query));
    EXPECT_TRUE(AreSame(in_memory->words.shown_of_word, in_files->words.shown_of_word));
    EXPECT_TRUE(AreSame(in_memory->words.pools, in_files->words.pools));
    EXPECT_TRUE(AreSame(in_memory->products.products_of_query, in_files->products.products_of_query));
    EXPECT_TRUE(AreSame(in_memory->products.queries_of_product, in_files->products.queries_of_product));
    EXPECT_TRUE(AreSame(in_memory->products.walk_of_product, in_files->products.walk_of_product));
    EXPECT_TRUE(AreSame(in_memory->products.co_clicks_of_product, in_files->products.co_clicks_of_product));
    EXPECT_TRUE(AreSame(in_memory->products.evidence_of_query, in_files->products.evidence_of_query));
    EXPECT_TRUE(AreSame(in_memory->products.all_of_query, in_files->products.all_of_query));
  }
  EXPECT_EQ(near.pool()->bytes_written(), 0u);
  EXPECT_GT(far.pool()->bytes_written(), 1u << 20);
}

TEST(RankTablesTest, ADiskThatFillsWhileTheyAreMadeIsTold) {
  const TempDir dir;
  const EventTable table = LargeShop({.temp_dir = dir.path(), .process_budget_bytes = 1 << 20});
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, {}));
  for (const rlim_t bytes : {0, 16 << 10, 100 << 10}) {
    const EventTable copy = LargeShop({.temp_dir = dir.path(), .process_budget_bytes = 1 << 20});
    ASSERT_OK_AND_ASSIGN(const MinedLog of_copy, Mine(copy, {}));
    const FileSizeLimit limit(bytes);
    const auto tables = RankTables::Create(copy, of_copy, {});
    ASSERT_FALSE(tables.ok()) << bytes;
    EXPECT_THAT(std::string(tables.status().message()),
                AllOf(HasSubstr("cannot write a temporary file in " + dir.path()), HasSubstr("--temp_dir")));
  }
  EXPECT_OK(RankTables::Create(table, mined, {}));
}

}  // namespace
}  // namespace kindred
