#include "tests/index/build/sample_purity.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/mine/mined_log.h"
#include "index/mine/user_rows.h"
#include "index/rank/ranker.h"
#include "index/text/word_segmenter.h"
#include "tests/index/build/sample_events.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::PurityMeter;

constexpr SampleOptions kOptions{.rows = 50'000, .seed = 1};
// Of the first 8 keywords of a list.
constexpr double kLeastPurity = .90, kMostListsWithHub = .03;

// A market of the sample log, mined and ranked as a build does by default.
struct Market {
  EventTable table;
  MinedLog mined;
  std::map<std::string, RelatedList> lists;  // By display form of the query.
};

QueryId IdOf(const Market& market, const char* typed) {
  const NormalizedQuery query = NormalizeQuery(typed).value();
  const auto& queries = market.table.queries;
  return static_cast<QueryId>(std::lower_bound(queries.begin(), queries.end(), query) - queries.begin());
}

// "jp", "tw".
const std::vector<Market>& Markets() {
  static const auto* const markets = [] {
    auto* result = new std::vector<Market>;
    const auto sample = testing::MakeSampleEvents(kOptions).value();
    std::vector<EventTable> tables = testing::TablesOf(sample.events).value();
    for (EventTable& table : tables) {
      MinedLog mined = *Mine(table, {});
      result->push_back({std::move(table), std::move(mined), {}});
    }
    for (Market& market : *result) {
      const auto ranker = Ranker::Create(market.table, market.mined, {}).value();
      for (QueryId query = 0; query < market.table.queries.size(); ++query) {
        std::optional<RelatedList> list = ranker->Rank(query);
        if (list.has_value()) market.lists.emplace(list->display, *std::move(list));
      }
    }
    return result;
  }();
  return *markets;
}

TEST(PurityMeterTest, JudgesByThePlantedTruth) {
  const SampleTruth truth(SampleMarket::kTaiwan, kOptions);
  const PurityMeter meter(truth);
  EXPECT_EQ(meter.Judge("藍牙耳機", "sony 藍牙耳機"), testing::kSameTopic);
  EXPECT_EQ(meter.Judge("airpods pro", "無線耳機"), testing::kSameTopic);
  EXPECT_EQ(meter.Judge("行動電源", "傳輸線"), testing::kRelatedTopic);
  EXPECT_EQ(meter.Judge("鍵盤", "相機"), testing::kSameCategory);
  EXPECT_EQ(meter.Judge("鍵盤", "免運"), testing::kHub);
  EXPECT_EQ(meter.Judge("鍵盤", "衛生紙"), testing::kBlockbuster);
  EXPECT_EQ(meter.Judge("面紙", "衛生紙"), testing::kSameTopic);
  EXPECT_EQ(meter.Judge("鍵盤", "貓砂"), testing::kForeign);
  EXPECT_EQ(meter.Judge("鍵盤", "service@example.com"), testing::kNoTopic);
}

RelatedList ListOf(const char* query, const std::vector<std::string>& keywords) {
  RelatedList list;
  list.display = query;
  for (const std::string& keyword : keywords) list.candidates.emplace_back().keyword = keyword;
  return list;
}

TEST(PurityMeterTest, CountsSlotsAndTheListsThatHoldAHub) {
  const SampleTruth truth(SampleMarket::kTaiwan, kOptions);
  PurityMeter meter(truth);
  meter.Add(ListOf("鍵盤", {"機械鍵盤", "keychron k2", "免運", "貓砂"}), 10);
  meter.Add(ListOf("貓砂", {"豆腐砂"}), 30);
  meter.Add(ListOf("免運", {"豆腐砂"}), 99);
  EXPECT_DOUBLE_EQ(meter.shown.Purity(), 3.0 / 5);
  EXPECT_DOUBLE_EQ(meter.shown_by_searches.Purity(), 50.0 / 70);
  EXPECT_DOUBLE_EQ(meter.shown.lists_with_hub / meter.shown.lists, 1.0 / 2);
  EXPECT_EQ(meter.lists_of_hubs, 1);
}

// Bounds below what is reached: a fall through one is a fault of the ranking, not of chance, for the log never changes.
TEST(SampleListsTest, KeepToTheTopicOfTheirQuery) {
  for (const Market& market : Markets()) {
    SCOPED_TRACE(market.table.market);
    const SampleTruth truth(market.table.market == "jp" ? SampleMarket::kJapan : SampleMarket::kTaiwan, kOptions);
    PurityMeter meter(truth);
    for (const auto& [display, list] : market.lists) {
      meter.Add(list, market.mined.counts[IdOf(market, display.c_str())].searches);
    }
    EXPECT_GE(meter.shown.Purity(), kLeastPurity) << meter.Table();
    EXPECT_LE(meter.shown.lists_with_hub / meter.shown.lists, kMostListsWithHub) << meter.Table();
    EXPECT_EQ(meter.shown.slots[testing::kNoTopic], 0) << meter.Worst(5);
  }
}

TEST(SampleListsTest, AMarketShowsItsOwnQueriesOnly) {
  const auto keywords = [](const Market& market) {
    std::set<std::string> result;
    for (const Candidate& candidate : market.lists.at("switch").candidates) result.insert(candidate.keyword);
    return result;
  };
  EXPECT_THAT(keywords(Markets()[0]), ::testing::Contains("ニンテンドースイッチ"));
  EXPECT_THAT(keywords(Markets()[1]), ::testing::Contains("switch 主機"));
  EXPECT_THAT(keywords(Markets()[1]), ::testing::Not(::testing::Contains("ニンテンドースイッチ")));
}

TEST(SampleListsTest, SpellingsOfAQueryPoolAndShowAsMostTypeThem) {
  const Market& taiwan = Markets()[1];
  for (const auto& [typed, shown] : std::map<const char*, const char*>{{"蓝牙耳机", "藍牙耳機"},
                                                                       {"吸尘器", "吸塵器"},
                                                                       {"ａｉｒｐｏｄｓ　ｐｒｏ", "airpods pro"},
                                                                       {"ＰＳ５", "ps5"}}) {
    SCOPED_TRACE(typed);
    const QueryId query = IdOf(taiwan, typed);
    EXPECT_EQ(query, IdOf(taiwan, shown));
    EXPECT_EQ(taiwan.table.spellings[taiwan.mined.counts[query].display].display, shown);
    size_t users = 0, users_as_shown = 0;
    EXPECT_OK(ForEachUser(taiwan.table, {}, [&](absl::Span<const EventRow> rows) {
      bool typed_any = false, typed_as_shown = false;
      for (const EventRow& row : rows) {
        if (row.query != query) continue;
        typed_any = true;
        typed_as_shown |= taiwan.table.spellings[row.spelling].display == shown;
      }
      users += typed_any;
      users_as_shown += typed_as_shown;
    }));
    EXPECT_GT(users, users_as_shown) << "nobody typed it otherwise: the test tests nothing";
    EXPECT_LE(taiwan.mined.counts[query].users, users);
    EXPECT_GE(taiwan.mined.counts[query].users, users_as_shown);
  }
  for (const auto& [display, list] : taiwan.lists) {
    EXPECT_NE(display, "蓝牙耳机");
    for (const Candidate& candidate : list.candidates) EXPECT_NE(candidate.keyword, "蓝牙耳机") << display;
  }
}

TEST(SampleListsTest, ChineseQueriesShareTheirWords) {
  const auto segmenter = WordSegmenter::Create().value();
  const auto words = [&](const char* text) {
    const NormalizedQuery query = NormalizeQuery(text).value();
    const std::vector<absl::string_view> list = segmenter->DistinctWords(query);
    return std::set<std::string>(list.begin(), list.end());
  };
  for (const auto& [a, b] :
       std::vector<std::pair<const char*, const char*>>{{"藍牙耳機", "無線藍牙耳機"},
                                                        {"蓝牙耳机", "無線藍牙耳機"},
                                                        {"耳機", "運動藍牙耳機"},
                                                        {"貓砂", "貓砂 除臭"},
                                                        {"iphone 保護貼", "ｉｐｈｏｎｅ 手機殼"}}) {
    std::vector<std::string> shared;
    const std::set<std::string> x = words(a), y = words(b);
    std::set_intersection(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(shared));
    EXPECT_FALSE(shared.empty()) << a << " and " << b;
  }
}

}  // namespace
}  // namespace kindred
