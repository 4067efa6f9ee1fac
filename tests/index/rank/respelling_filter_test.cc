#include "index/rank/respelling_filter.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/text/respelling.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;

TEST(RespellingFilterTest, DropsRespellingsOfTheSourceAndAllButTheMostUsedSpelling) {
  LogBuilder log;
  log.Search("u", 0, "halo 3").Search("u", 60, "halo3").Search("u", 120, "controler").Search("u", 180, "halo 4");
  log.Search("u", 240, "controller").Search("v", 0, "controller");
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto tables, RankTables::Create(table, mined, {}));
  RespellingFilter filter(tables);
  const std::vector<QueryId> candidates = {IdOf(table, "halo3"), IdOf(table, "controler"), IdOf(table, "halo 4"),
                                           IdOf(table, "controller")};
  EXPECT_THAT(filter.Keep(IdOf(table, "halo 3"), candidates), ElementsAre(2, 3));
}

TEST(RespellingFilterTest, FindsRespellingsOfManyWords) {
  const std::string fourteen = "ab cd ef gh ij kl mn op qr st uv wx yz abc";
  LogBuilder log;
  log.Search("u", 0, "source").Search("u", 60, fourteen + " def ghi").Search("u", 120, fourteen + " defghis");
  log.Search("v", 0, fourteen + " def ghi");
  const EventTable table = log.Table();
  ASSERT_OK_AND_ASSIGN(const auto tables, RankTables::Create(table, *Mine(table, {}), {}));
  RespellingFilter filter(tables);
  const std::vector<QueryId> candidates = {IdOf(table, fourteen + " defghis"), IdOf(table, fourteen + " def ghi")};
  EXPECT_THAT(filter.Keep(IdOf(table, "source"), candidates), ElementsAre(1));
}

// The rule itself, every pair compared by IsRespelling().
std::vector<uint32_t> KeepSlowly(const EventTable& table, const MinedLog& mined, QueryId source,
                                 const std::vector<QueryId>& candidates) {
  const auto same = [&](QueryId a, QueryId b) {
    return IsRespelling(SpellingForm(table.queries[a]), SpellingForm(table.queries[b]));
  };
  std::vector<uint32_t> order;
  for (uint32_t i = 0; i < candidates.size(); ++i) {
    if (!same(source, candidates[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](uint32_t x, uint32_t y) {
    return mined.counts[candidates[x]].users > mined.counts[candidates[y]].users;
  });
  std::vector<uint32_t> kept;
  for (const uint32_t i : order) {
    if (std::none_of(kept.begin(), kept.end(), [&](uint32_t k) { return same(candidates[i], candidates[k]); })) {
      kept.push_back(i);
    }
  }
  std::sort(kept.begin(), kept.end());
  return kept;
}

TEST(RespellingFilterTest, AgreesWithComparingEveryPair) {
  const std::vector<std::string> words = {"halo", "halos", "reach",      "raech",     "xbox", "x",    "box", "360",
                                          "game", "games", "controller", "controler", "藍牙", "藍芽", "耳機"};
  LogBuilder log;
  std::mt19937 random(5);
  for (int i = 0; i < 400; ++i) {
    std::string query;
    for (uint32_t n = 1 + random() % 3; n > 0; --n)
      query += (random() % 3 == 0 ? "" : " ") + words[random() % words.size()];
    log.Search("user" + std::to_string(random() % 9), static_cast<double>(i) * 10000, query);
  }
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto tables, RankTables::Create(table, mined, {}));
  RespellingFilter filter(tables);
  uint64_t dropped = 0;
  for (QueryId source = 0; source < 30; ++source) {
    std::vector<QueryId> candidates;
    for (QueryId query = 0; query < table.queries.size(); ++query) {
      if (query != source && random() % 2 == 0) candidates.push_back(query);
    }
    const std::vector<uint32_t> kept = filter.Keep(source, candidates);
    EXPECT_EQ(kept, KeepSlowly(table, mined, source, candidates));
    dropped += candidates.size() - kept.size();
  }
  EXPECT_GT(dropped, 100u);
}

}  // namespace
}  // namespace kindred
