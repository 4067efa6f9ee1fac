#include "index/rank/ranker.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;

std::vector<std::vector<std::string>> ReadTsv(const std::string& name) {
  std::ifstream file(std::string(KINDRED_SOURCE_DIR "/tests/golden/") + name);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(file, line);  // Header.
  while (std::getline(file, line)) rows.push_back(absl::StrSplit(line, '\t'));
  EXPECT_FALSE(rows.empty()) << name;
  return rows;
}

EventTable ReferenceTable() {
  LogBuilder log;
  for (const auto& row : ReadTsv("reference_log.tsv")) {
    absl::Time time;
    std::string error;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, row[1], &time, &error)) << error;
    const double seconds = static_cast<double>(absl::ToUnixMillis(time) - LogBuilder::kStartMs) / 1000;
    if (row[3].empty()) {
      log.Search(row[0], seconds, row[2]);
    } else {
      log.Click(row[0], seconds, row[2], row[3]);
    }
  }
  return log.Table();
}

MineOptions UncappedMining() {
  MineOptions options;
  options.min_pair_users = 1;
  options.max_wanted_days = 1;
  options.max_user_items = 0;
  options.pairs = {.max_history_queries = 0, .max_session_queries = 0, .max_user_sessions = 0};
  return options;
}

RankOptions UncappedRanking() {
  RankOptions options;
  options.min_users = 1;
  options.min_pair_users = 1;
  options.min_shared_users = 1;
  options.drop_respellings = false;
  options.caps = {.row = 0,
                  .word_pool = 0,
                  .products_of_query = 0,
                  .queries_of_product = 0,
                  .products_of_product = 0,
                  .walk_of_product = 0,
                  .min_walk = 0};
  return options;
}

// The numbers were computed by an independent implementation of the formula, with dense matrices and no cap.
TEST(RankerTest, SignalsAndScoresAgreeWithTheReference) {
  const EventTable table = ReferenceTable();
  const MinedLog mined = *Mine(table, UncappedMining());
  RankOptions options = UncappedRanking();
  options.popular_fill = 50;  // The reference scores every popular query too.
  ASSERT_OK_AND_ASSIGN(const auto ranker, Ranker::Create(table, mined, options));
  std::map<std::pair<QueryId, QueryId>, ScoredQuery> scored;
  for (QueryId source = 0; source < table.queries.size(); ++source) {
    for (const ScoredQuery& s : ranker->Score(source)) scored[{source, s.query}] = s;
  }
  const auto reference = ReadTsv("reference_scores.tsv");
  EXPECT_EQ(scored.size(), reference.size());
  for (const auto& row : reference) {
    const auto it = scored.find({IdOf(table, row[0]), IdOf(table, row[1])});
    ASSERT_NE(it, scored.end()) << row[0] << " -> " << row[1];
    const auto number = [&](int column) {
      double value = 0;
      EXPECT_TRUE(absl::SimpleAtod(row[column], &value));
      return value;
    };
    EXPECT_NEAR(it->second.score, number(2), 1e-4) << row[0] << " -> " << row[1];
    for (int i = 0; i < kSignalCount; ++i) {
      EXPECT_NEAR(it->second.signals[i], number(3 + i), 1e-4)
          << row[0] << " -> " << row[1] << " " << kSignalNames[i].data();
    }
  }
}

// An evaluation beside baselines mines every pair, for its baselines, and must rank as a build does.
TEST(RankerTest, PairsOfTooFewPeopleChangeNothing) {
  LogBuilder log;
  std::mt19937 random(3);
  for (int user = 0; user < 150; ++user) {
    for (int i = 0; i < 4; ++i) {
      const std::string query = "thing" + std::to_string(random() % 40);
      log.Click("user" + std::to_string(user), i * 60., query, "p" + std::to_string(random() % 30));
    }
  }
  const EventTable table = log.Table();
  MineOptions all;
  all.min_pair_users = 1;
  const MinedLog every_pair = *Mine(table, all), enough = *Mine(table, {});
  ASSERT_GT(every_pair.pairs.size(), enough.pairs.size());
  ASSERT_GT(every_pair.item_pairs.size(), enough.item_pairs.size());
  ASSERT_OK_AND_ASSIGN(const auto of_every_pair, Ranker::Create(table, every_pair, {}));
  ASSERT_OK_AND_ASSIGN(const auto of_enough, Ranker::Create(table, enough, {}));
  for (QueryId source = 0; source < table.queries.size(); ++source) {
    EncodedList x, y;
    ASSERT_OK_AND_ASSIGN(const bool any, of_every_pair->Encode(source, x));
    ASSERT_OK_AND_ASSIGN(const bool other, of_enough->Encode(source, y));
    EXPECT_EQ(any, other);
    EXPECT_EQ(x.value, y.value) << table.queries[source].text();
  }
}

// Four of the best five candidates are one keyword: a list of four is filled with what comes after.
TEST(RankerTest, AListIsFullThoughMostOfTheBestAreRespellings) {
  LogBuilder log;
  const std::vector<std::string> queries = {"controller", "controler", "controllers", "contoller",
                                            "headset",    "battery",   "cable",       "stand"};
  for (size_t i = 0; i < queries.size(); ++i) {
    for (size_t user = 0; user < 20 - i; ++user) {
      const std::string name = std::to_string(i) + "/" + std::to_string(user);
      log.Search(name, 0, "console").Search(name, 60, queries[i]);
    }
  }
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  for (const uint32_t size : {1u, 2u, 4u}) {
    RankOptions options;
    options.list_size = size;
    ASSERT_OK_AND_ASSIGN(const auto ranker, Ranker::Create(table, mined, options));
    const std::optional<RelatedList> list = ranker->Rank(IdOf(table, "console"));
    ASSERT_TRUE(list.has_value());
    EXPECT_EQ(list->candidates[0].keyword, "controller");
    EXPECT_EQ(list->candidates.size(), size == 4 ? 4u : 1u);
  }
}

// A shop of two topics, searched by six people each.
LogBuilder TwoTopics() {
  LogBuilder log;
  for (int i = 0; i < 6; ++i) {
    const std::string user = "camper" + std::to_string(i), gamer = "gamer" + std::to_string(i);
    log.Click(user, 0, "tent", "p1")
        .Search(user, 60, i < 3 ? "Sleeping Bag" : "stove")
        .Search(user, 120, "camping chair");
    log.Search(gamer, 0, "xbox")
        .Click(gamer, 60, i < 3 ? "controller" : "controllers", "p9")
        .Search(gamer, 120, "halo 3");
  }
  return log;
}

std::vector<std::string> Keywords(const std::optional<RelatedList>& list) {
  std::vector<std::string> keywords;
  if (list.has_value()) {
    for (const Candidate& candidate : list->candidates) keywords.push_back(candidate.keyword);
  }
  return keywords;
}

TEST(RankerTest, ListHoldsWhatPeopleSearchedTooWithTheEvidence) {
  const EventTable table = TwoTopics().Table();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto ranker, Ranker::Create(table, mined, {}));
  const std::optional<RelatedList> list = ranker->Rank(IdOf(table, "tent"));
  EXPECT_THAT(Keywords(list), ::testing::UnorderedElementsAre("Sleeping Bag", "stove", "camping chair"));
  EXPECT_EQ(list->users, 6u);
  EXPECT_EQ(list->display, "tent");
  const Candidate& first = list->candidates[0];
  EXPECT_EQ(first.keyword, "camping chair");
  EXPECT_EQ(first.evidence.users, 6u);
  EXPECT_EQ(first.evidence.users_after, 6u);
  EXPECT_EQ(first.query_fingerprint, QueryFingerprint(table.queries[IdOf(table, "camping chair")]));
}

TEST(RankerTest, OfTwoSpellingsTheOneOfMoreUsersStays) {
  LogBuilder log = TwoTopics();
  log.Search("gamer9", 0, "xbox").Search("gamer9", 60, "controllers");
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto ranker, Ranker::Create(table, mined, {}));
  const auto keywords = Keywords(ranker->Rank(IdOf(table, "xbox")));
  EXPECT_THAT(keywords, ::testing::Contains("controllers"));
  EXPECT_THAT(keywords, ::testing::Not(::testing::Contains("controller")));
  // Nor is a respelling of the query shown.
  EXPECT_THAT(Keywords(ranker->Rank(IdOf(table, "controller"))), ::testing::Not(::testing::Contains("controllers")));
}

TEST(RankerTest, EveryKeywordHasEvidenceUnlessFillIsAllowed) {
  const EventTable table = TwoTopics().Table();
  const MinedLog mined = *Mine(table, {});
  for (const uint32_t fill : {0u, 2u}) {
    RankOptions options;
    options.popular_fill = fill;
    ASSERT_OK_AND_ASSIGN(const auto ranker, Ranker::Create(table, mined, options));
    for (QueryId source = 0; source < table.queries.size(); ++source) {
      const std::optional<RelatedList> list = ranker->Rank(source);
      uint32_t without = 0;
      if (list.has_value()) {
        for (const Candidate& candidate : list->candidates) without += !candidate.evidence.any();
      }
      EXPECT_LE(without, fill);
    }
    EXPECT_EQ(Keywords(ranker->Rank(IdOf(table, "tent"))).size(), 3u + fill);
  }
}

// Fifty products that each sell with free shipping, searched by two people each.
TEST(RankerTest, HubWordAloneIsNoEvidence) {
  LogBuilder log;
  for (int i = 0; i < 60; ++i) {
    const std::string thing = "thing" + std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(i);
    for (const char* user : {"u", "v"}) {
      log.Search(user + std::to_string(i), 0, thing + " shipping").Search(user + std::to_string(i), 60, thing + " red");
    }
  }
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto ranker, Ranker::Create(table, mined, {}));
  EXPECT_THAT(Keywords(ranker->Rank(IdOf(table, "thinga0 shipping"))), ::testing::ElementsAre("thinga0 red"));
}

TEST(RankerTest, RareKeywordsAreNotShown) {
  LogBuilder log = TwoTopics();
  for (const char* user : {"camper0", "camper1"}) log.Search(user, 180, "secret hideout");
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  for (const auto& [min_users, shown] : {std::pair{2u, true}, std::pair{3u, false}}) {
    RankOptions options;
    options.min_users = min_users;
    ASSERT_OK_AND_ASSIGN(const auto ranker, Ranker::Create(table, mined, options));
    const auto keywords = Keywords(ranker->Rank(IdOf(table, "tent")));
    EXPECT_EQ(std::count(keywords.begin(), keywords.end(), "secret hideout"), shown ? 1 : 0) << min_users;
  }
}

TEST(RankerTest, ListsAreInTotalOrderAndBounded) {
  LogBuilder log;
  std::mt19937 random(3);
  for (int i = 0; i < 3000; ++i) {
    const uint32_t user = random() % 100;  // Of one taste in twenty.
    log.Search("user" + std::to_string(user), static_cast<double>(random() % 500000),
               "thing" + std::string(1, static_cast<char>('a' + user % 20)) + " " + std::to_string(random() % 10));
  }
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  RankOptions options;
  options.list_size = 7;
  ASSERT_OK_AND_ASSIGN(const auto ranker, Ranker::Create(table, mined, options));
  int lists = 0;
  for (QueryId source = 0; source < table.queries.size(); ++source) {
    const std::optional<RelatedList> list = ranker->Rank(source);
    if (!list.has_value()) continue;
    ++lists;
    EXPECT_LE(list->candidates.size(), 7u);
    for (size_t i = 1; i < list->candidates.size(); ++i) {
      const Candidate &before = list->candidates[i - 1], &after = list->candidates[i];
      EXPECT_TRUE(before.score > after.score ||
                  (before.score == after.score && before.evidence.users > after.evidence.users) ||
                  (before.score == after.score && before.evidence.users == after.evidence.users &&
                   before.keyword < after.keyword));
    }
  }
  EXPECT_GT(lists, 100);
}

// Everybody looks for free shipping now and then, whatever else they search.
TEST(RankerTest, WhatIsSearchedBesideEverythingIsNoKeyword) {
  LogBuilder log;
  for (int i = 0; i < 400; ++i) {
    const std::string topic(1, static_cast<char>('a' + i % 20)), user = "u" + std::to_string(i);
    log.Search(user, 0, "first" + topic).Search(user, 60, "second" + topic);
    if (i % 3 == 0) log.Search(user, 120, "free shipping");
  }
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto ranker, Ranker::Create(table, mined, {}));
  EXPECT_THAT(Keywords(ranker->Rank(IdOf(table, "firsta"))), ::testing::ElementsAre("seconda"));
}

// The 貼 of sticky notes and of screen protectors: a character is no word.
TEST(RankerTest, ACharacterTornOffIsNoEvidence) {
  LogBuilder log;
  for (int i = 0; i < 5; ++i) {
    const std::string user = "u" + std::to_string(i), other = "v" + std::to_string(i);
    log.Search(user, 0, "貼 memo").Search(user, 60, "paper");
    log.Search(other, 0, "貼 phone").Search(other, 60, "case");
  }
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto ranker, Ranker::Create(table, mined, {}));
  EXPECT_THAT(Keywords(ranker->Rank(IdOf(table, "贴 memo"))), ::testing::ElementsAre("paper"));
}

// What is summed up for a list is no more than may have evidence: nothing is missed, and its scores are those of all.
TEST(RankerTest, AListIsOfAllThatHasEvidence) {
  LogBuilder log;
  std::mt19937 random(5);
  for (int i = 0; i < 3000; ++i) {
    const uint32_t user = random() % 200;
    const std::string topic(1, static_cast<char>('a' + user % 20)), number = std::to_string(random() % 7);
    const char* const kQueries[] = {"shipping", "free shipping", "thing", "kit"};
    const std::string query = absl::StrCat(kQueries[random() % 4], random() % 3 == 0 ? "" : " " + topic + number);
    log.Click("user" + std::to_string(user), static_cast<double>(random() % 500000), query,
              topic + std::to_string(random() % 5));
  }
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  RankOptions options;
  options.drop_respellings = false;
  options.list_size = 10000;
  size_t keywords = 0, without = 0;
  for (const uint32_t cap : {0u, 3u}) {
    options.caps.queries_of_product = options.caps.word_pool = cap;
    ASSERT_OK_AND_ASSIGN(const auto ranker, Ranker::Create(table, mined, options));
    for (QueryId source = 0; source < table.queries.size(); ++source) {
      std::map<std::string, float> expected, found;
      const absl::Span<const ScoredQuery> candidates = ranker->Candidates(source);
      for (size_t i = 0; i < candidates.size(); ++i) {
        const std::string keyword(table.queries[candidates[i].query].text());
        if (ranker->HasEvidence(i)) {
          expected[keyword] = candidates[i].score;
        } else {
          ++without;
        }
      }
      const std::optional<RelatedList> list = ranker->Rank(source);
      if (list.has_value()) {
        for (const Candidate& candidate : list->candidates) found[candidate.keyword] = candidate.score;
      }
      EXPECT_EQ(found, expected) << table.queries[source].text();
      keywords += expected.size();
    }
  }
  EXPECT_GT(keywords, 1000u);
  EXPECT_GT(without, 1000u);
}

// However few products and queries the caps leave to walk over, shared products are all counted.
TEST(RankerTest, SharedProductsAreCountedWhateverTheCapsCut) {
  LogBuilder log;
  std::mt19937 random(11);
  for (int i = 0; i < 4000; ++i) {
    log.Click("user" + std::to_string(random() % 300), static_cast<double>(random() % 500000),
              "thing " + std::to_string(random() % 40), "p" + std::to_string(random() % 5 * (random() % 5)));
  }
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  uint64_t shared = 0;
  for (const uint32_t cap : {0u, 1u, 5u}) {
    RankOptions options;
    options.caps.products_of_query = options.caps.queries_of_product = cap;
    ASSERT_OK_AND_ASSIGN(const auto tables, RankTables::Create(table, mined, options));
    Ranker ranker(tables);
    for (QueryId source = 0; source < table.queries.size(); ++source) {
      const std::optional<RelatedList> list = ranker.Rank(source);
      if (!list.has_value()) continue;
      const auto clicked = tables->products.all_of_query[source];
      for (const Candidate& candidate : list->candidates) {
        const auto evidence = tables->products.evidence_of_query[IdOf(table, candidate.keyword)];
        std::vector<ItemId> both;
        std::set_intersection(clicked.begin(), clicked.end(), evidence.begin(), evidence.end(),
                              std::back_inserter(both));
        EXPECT_EQ(candidate.evidence.shared_products, both.size()) << cap;
        shared += both.size();
      }
    }
  }
  EXPECT_GT(shared, 1000u);
}

}  // namespace
}  // namespace kindred
