#include "index/log/search_row.h"

#include <string>

#include "gtest/gtest.h"

namespace kindred {
namespace {

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
    const RowVerdict verdict = JudgeRow(Row(c.item, c.action));
    ASSERT_EQ(verdict.kind, RowVerdict::Kind::kEvent) << c.action;
    EXPECT_EQ(verdict.event.item, c.want_item) << c.action;
    EXPECT_EQ(verdict.event.action, c.want) << c.item << " " << c.action;
  }
  const RowVerdict verdict = JudgeRow(Row("p", "impression"));
  EXPECT_EQ(verdict.kind, RowVerdict::Kind::kSkipped);
  EXPECT_EQ(verdict.reason, kOtherAction);
  EXPECT_EQ(verdict.value, "impression");
}

TEST(SearchRowTest, HitsAreWholeNumbers) {
  const auto judged = [](absl::string_view hits) {
    SearchRow row = Row();
    row.values[static_cast<size_t>(Role::kHits)] = hits;
    return JudgeRow(row);
  };
  EXPECT_EQ(judged("").event.hits, std::nullopt);
  EXPECT_EQ(judged("0").event.hits, 0u);
  EXPECT_EQ(judged(" 12 ").event.hits, 12u);
  EXPECT_EQ(judged("12.0").event.hits, 12u);
  EXPECT_EQ(judged("18446744073709551615").event.hits, 18446744073709551615u);
  for (const char* hits : {"-1", "1.5", "many", ".0", "18446744073709551616", "1,000"}) {
    EXPECT_EQ(judged(hits).reason, "hits") << hits;
  }
}

TEST(SearchRowTest, OnlyUtf8IsAQuery) {
  const auto reason = [](absl::string_view query) {
    SearchRow row = Row();
    row.values[static_cast<size_t>(Role::kQuery)] = query;
    return JudgeRow(row).reason;
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
