#include "index/log/search_row.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "index/store/related_list.h"
#include "index/text/normalized_query.h"

namespace kindred {
namespace {

constexpr int64_t kLatest = 1318161600000;  // 2011-10-09T12:00:00Z

SearchRow Row(absl::string_view item = "", absl::string_view action = "") {
  return {{"u", "s", "2011-10-09", "tent", item, action, "", ""}};
}

TEST(SearchRowTest, ActionsAndItemsAgree) {
  const struct {
    const char *item, *action, *want_item;
    Action want;
  } kCases[] = {
      {"", "", "", Action::kSearch},          {"p", "", "p", Action::kClick},
      {"p", "search", "", Action::kSearch},   {"", "click", "", Action::kSearch},
      {"p", "Click", "p", Action::kClick},    {"p", "Add To Cart", "p", Action::kCart},
      {"p", "addToCart", "p", Action::kCart}, {" p ", " PURCHASE ", "p", Action::kPurchase},
      {"", "purchase", "", Action::kSearch},
  };
  for (const auto& c : kCases) {
    const RowVerdict verdict = JudgeRow(Row(c.item, c.action), kLatest);
    ASSERT_EQ(verdict.kind, RowVerdict::Kind::kEvent) << c.action;
    EXPECT_EQ(verdict.event.item, c.want_item) << c.action;
    EXPECT_EQ(verdict.event.action, c.want) << c.item << " " << c.action;
  }
  const RowVerdict verdict = JudgeRow(Row("p", "impression"), kLatest);
  EXPECT_EQ(verdict.kind, RowVerdict::Kind::kSkipped);
  EXPECT_EQ(verdict.reason, kOtherAction);
  EXPECT_EQ(verdict.value, "impression");
}

TEST(SearchRowTest, HitsAreWholeNumbers) {
  const auto judged = [](absl::string_view hits) {
    SearchRow row = Row();
    row.values[static_cast<size_t>(Role::kHits)] = hits;
    return JudgeRow(row, kLatest);
  };
  EXPECT_EQ(judged("").event.hits, std::nullopt);
  EXPECT_EQ(judged("0").event.hits, 0u);
  EXPECT_EQ(judged(" 12 ").event.hits, 12u);
  EXPECT_EQ(judged("12.0").event.hits, 12u);
  EXPECT_EQ(judged("18446744073709551615").event.hits, 18446744073709551615u);
  // An unreadable number is no number: what is wrong with it is no reason to lose the search.
  for (const char* hits : {"-1", "12.50", "n/a", "many", ".0", "18446744073709551616", "1,000", "NULL", "\\N"}) {
    EXPECT_EQ(judged(hits).kind, RowVerdict::Kind::kEvent) << hits;
    EXPECT_EQ(judged(hits).event.hits, std::nullopt) << hits;
  }
}

TEST(SearchRowTest, NullsOfDatabasesAreNoValues) {
  for (const absl::string_view null : {"NULL", " NULL ", "\\N"}) {
    SearchRow row = Row(null, null);
    row.values[static_cast<size_t>(Role::kMarket)] = null;
    row.values[static_cast<size_t>(Role::kHits)] = null;
    const RowVerdict verdict = JudgeRow(row, kLatest);
    ASSERT_EQ(verdict.kind, RowVerdict::Kind::kEvent) << null;
    EXPECT_EQ(verdict.event.item, "");
    EXPECT_EQ(verdict.event.action, Action::kSearch);
    EXPECT_EQ(verdict.event.market, "");
    EXPECT_EQ(verdict.event.hits, std::nullopt);
    EXPECT_EQ(JudgeRow(Row("p", null), kLatest).event.action, Action::kClick);
  }
  EXPECT_EQ(JudgeRow(Row("Null Set", ""), kLatest).event.item, "Null Set");
}

TEST(SearchRowTest, AQueryThatIsANullOfADatabaseIsEmpty) {
  for (const absl::string_view null : {"NULL", " NULL ", "\\N", "  ", ""}) {
    SearchRow row = Row();
    row.values[static_cast<size_t>(Role::kQuery)] = null;
    EXPECT_EQ(JudgeRow(row, kLatest).kind, RowVerdict::Kind::kSkipped) << null;
    EXPECT_EQ(JudgeRow(row, kLatest).reason, "empty query") << null;
  }
  for (const absl::string_view query : {"null", "NULL terminator", "\\n"}) {
    SearchRow row = Row();
    row.values[static_cast<size_t>(Role::kQuery)] = query;
    EXPECT_EQ(JudgeRow(row, kLatest).event.query, query);
  }
}

TEST(SearchRowTest, ATimeAfterTheLatestIsBad) {
  SearchRow row = Row();
  row.values[static_cast<size_t>(Role::kTime)] = "2011-10-09T12:00:00Z";
  EXPECT_EQ(JudgeRow(row, kLatest).kind, RowVerdict::Kind::kEvent);
  row.values[static_cast<size_t>(Role::kTime)] = "2011-10-09T12:00:00.001Z";
  EXPECT_EQ(JudgeRow(row, kLatest).kind, RowVerdict::Kind::kBad);
  EXPECT_EQ(JudgeRow(row, kLatest).reason, "time in the future");
}

TEST(SearchRowTest, EveryTimeThatIsNoneHasAReason) {
  const std::pair<const char*, const char*> kCases[] = {
      {"", "missing time"},
      {" ", "missing time"},
      {"1.75e+12", "time"},
      {"-1318161600", "time"},
      {"1970-01-01", "time"},
      {"0", "time"},
      {"9007199254740993", "time"},  // 2^53 + 1, as microseconds the year 2255.
      {"18446744073709551616", "time"},
      {"2011-10-09T12:00:01Z", "time in the future"},
      {"1318161600001", "time in the future"},
      {"4102444800000", "time in the future"},
      {"9999-12-31", "time"}};
  for (const auto& [time, reason] : kCases) {
    SearchRow row = Row();
    row.values[static_cast<size_t>(Role::kTime)] = time;
    const RowVerdict verdict = JudgeRow(row, kLatest);
    EXPECT_EQ(verdict.kind, RowVerdict::Kind::kBad) << time;
    EXPECT_EQ(verdict.reason, reason) << time;
  }
}

TEST(SearchRowTest, AMarketIsAsLongAsTheApiTakes) {
  SearchRow row = Row();
  row.values[static_cast<size_t>(Role::kMarket)] = " 12345678901234567890123456789012 ";
  EXPECT_EQ(JudgeRow(row, kLatest).event.market.size(), 32u);
  row.values[static_cast<size_t>(Role::kMarket)] = "123456789012345678901234567890123";
  EXPECT_EQ(JudgeRow(row, kLatest).kind, RowVerdict::Kind::kBad);
  EXPECT_EQ(JudgeRow(row, kLatest).reason, "market too long");
  EXPECT_EQ(JudgeRow(row, kLatest).value, "123456789012345678901234567890123");
  row.values[static_cast<size_t>(Role::kMarket)] = "t\tw";
  EXPECT_EQ(JudgeRow(row, kLatest).reason, "market with a control character");
  row.values[static_cast<size_t>(Role::kMarket)] = "\xD6sterreich";
  EXPECT_EQ(JudgeRow(row, kLatest).kind, RowVerdict::Kind::kBad);
  EXPECT_EQ(JudgeRow(row, kLatest).reason, "not UTF-8");
}

TEST(SearchRowTest, LimitsAreThoseOfTheApi) {
  EXPECT_EQ(kMaxTypedBytes, kMaxQueryBytes);
  EXPECT_EQ(kMaxMarketNameBytes, kMaxMarketBytes);
}

TEST(SearchRowTest, OnlyUtf8IsAQuery) {
  const auto reason = [](absl::string_view query) {
    SearchRow row = Row();
    row.values[static_cast<size_t>(Role::kQuery)] = query;
    return JudgeRow(row, kLatest).reason;
  };
  EXPECT_EQ(reason("gears of war"), "");
  EXPECT_EQ(reason("12345678é"), "");
  EXPECT_EQ(reason("藍牙耳機"), "");
  EXPECT_EQ(reason("\xFF"), "not UTF-8");
  EXPECT_EQ(reason("12345678\xFF"), "not UTF-8");
  EXPECT_EQ(reason("1234567\xFF"
                   "123456789"),
            "not UTF-8");
  EXPECT_EQ(reason("\xED\xA0\x80"), "not UTF-8");  // A lone surrogate.
  EXPECT_EQ(reason("\xC0\x80"), "not UTF-8");      // An overlong NUL.
}

}  // namespace
}  // namespace kindred
