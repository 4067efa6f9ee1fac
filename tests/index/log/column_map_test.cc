#include "index/log/column_map.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using testing::HasStatus;
using ::testing::HasSubstr;

// Columns by role, "-" where there is none, such as "0 - 1 3 4 - - -"; or the error.
std::string Shown(const absl::StatusOr<ColumnMap>& map) {
  if (!map.ok()) return std::string(map.status().message());
  std::string shown;
  for (const auto& column : map->columns) shown += column.has_value() ? std::to_string(*column) + " " : "- ";
  shown.pop_back();
  return shown;
}

std::string Found(absl::string_view header, const ColumnNames& named = {}) {
  const std::vector<absl::string_view> names = absl::StrSplit(header, ',');
  return Shown(FindColumns(names, named));
}

TEST(ColumnMapTest, UsualNamesAreFound) {
  const struct {
    const char *header, *want;  // user session time query item action hits market
  } kCases[] = {
      {"user_id,query_time,click_time,query,clicked_sku", "0 - 1 3 4 - - -"},
      {"AnonID,Query,QueryTime,ItemRank,ClickURL", "0 - 2 1 4 - - -"},
      {"session_id,timestamp,search_term", "- 0 1 2 - - - -"},
      {"uid,session,ts,q,product_id,event_type,result_count,country", "0 1 2 3 4 5 6 7"},
      {"Client ID,Event-Time,SEARCH TERM,Item.id", "0 - 1 2 - - - -"},
      {"clientId,eventTime,userQuery,itemId,numResults,marketplace_id", "0 - 1 2 3 - 4 5"},
      {"event_attributes.object.object_id,client_id,timestamp,user_query,action_name", "1 - 2 3 0 4 - -"},
      {"user,time,query,\xE5\xB8\x82\xE5\xA0\xB4", "0 - 1 2 - - - -"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Found(c.header), c.want) << c.header;
}

TEST(ColumnMapTest, PricesAndDevicesAreNoHitsAndActions) {
  EXPECT_EQ(Found("user,time,query,total,results,found,type"), "0 - 1 2 - - - -");
}

TEST(ColumnMapTest, TheMoreTellingNameComesFirst) {
  EXPECT_EQ(Found("timestamp,cookie_id,user_id,query_time,keyword,query"), "2 - 3 5 - - - -");
}

TEST(ColumnMapTest, EqualClaimsAreAnErrorThatAChoiceSettles) {
  EXPECT_THAT(Found("user,time,ts,query"),
              AllOf(HasSubstr("time and ts may both be the time"), HasSubstr("--columns time=time"),
                    HasSubstr("columns found: user, time, ts, query")));
  EXPECT_EQ(Found("user,time,ts,query", {{"time", "ts"}}), "0 - 2 3 - - - -");
  EXPECT_THAT(Found("user,time,query,Query"), HasSubstr("query and Query may both be the query"));
}

TEST(ColumnMapTest, ARoleMayBeGivenNoColumn) {
  EXPECT_EQ(Found("user,time,query,sku,product_id,country", {{"item", ""}, {"market", ""}}), "0 - 1 2 - - - -");
  EXPECT_THAT(Found("user,time,query", {{"time", ""}}), HasSubstr("no column for time"));
  const ColumnNames numbers = {{"user", "1"}, {"time", "2"}, {"query", "3"}, {"item", ""}};
  EXPECT_TRUE(AllNumbered(numbers));
  EXPECT_FALSE(AllNumbered({{"item", ""}}));
  EXPECT_EQ(Shown(NumberedColumns(numbers, 4)), "0 - 1 2 - - - -");
}

TEST(ColumnMapTest, OfTwoOfOneNameTheNumberSettlesIt) {
  EXPECT_THAT(Found("user,time,query,query"), HasSubstr("choose with --columns query=3, its number"));
  EXPECT_THAT(Found("user,time,query,query", {{"query", "query"}}), HasSubstr("columns 3 and 4 both have this name"));
  EXPECT_EQ(Found("user,time,query,query", {{"query", "4"}}), "0 - 1 3 - - - -");
}

TEST(ColumnMapTest, MissesListWhatWasFoundAndWhatToWrite) {
  EXPECT_THAT(Found("a,b,query"), AllOf(HasSubstr("no column for user, time"), HasSubstr("columns found: a, b, query"),
                                        HasSubstr("--columns user=NAME,time=NAME")));
  EXPECT_THAT(Found("user,time,query", {{"item", "sku"}}),
              AllOf(HasSubstr("--columns item=sku: no such column"), HasSubstr("columns found: user, time, query")));
  EXPECT_THAT(Found("user,time,query", {{"item", "4"}}), HasSubstr("item=4: the log has columns 1 to 3"));
  EXPECT_THAT(Found("user,time,query", {{"item", "0"}}), HasSubstr("item=0"));
  EXPECT_THAT(Found("user;time;query"), HasSubstr("parted by semicolons?"));
}

TEST(ColumnMapTest, AMessageIsShortAndCleanWhateverTheHeader) {
  std::string header;
  for (int i = 0; i < 5000; ++i) header += "column\x01number\xFF" + std::to_string(i) + std::string(100, 'x') + ",";
  const std::string message = Found(header);
  EXPECT_LT(message.size(), 3000u);
  EXPECT_THAT(message, AllOf(HasSubstr("column\\x01number\\xff0"), HasSubstr("5001 in all")));
}

TEST(ColumnMapTest, NamesComeBeforeNumbersAndLikeNamesCount) {
  EXPECT_EQ(Found("3,user,time,query", {{"query", "3"}}), "1 - 2 0 - - - -");
  EXPECT_EQ(Found("x,user,time,query", {{"query", "1"}}), "1 - 2 0 - - - -");
  EXPECT_EQ(Found("My Query,user,time,query", {{"query", "my_query"}}), "1 - 2 0 - - - -");
}

TEST(ColumnMapTest, NumbersNeedNoHeader) {
  const ColumnNames named = {{"user", "1"}, {"time", "2"}, {"query", "3"}};
  EXPECT_TRUE(AllNumbered(named));
  EXPECT_TRUE(NeedsNoHeader(named));
  EXPECT_FALSE(NeedsNoHeader({{"query", "3"}}));
  EXPECT_FALSE(NeedsNoHeader({{"user", "1"}, {"time", ""}, {"query", "3"}}));
  EXPECT_FALSE(AllNumbered({}));
  EXPECT_FALSE(AllNumbered({{"user", "1"}, {"time", "when"}}));
  EXPECT_EQ(Shown(NumberedColumns(named, 3)), "0 - 1 2 - - - -");
  EXPECT_THAT(NumberedColumns(named, 2),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("query=3: the log has columns 1 to 2")));
  EXPECT_THAT(NumberedColumns({{"user", "1"}, {"query", "2"}}, 3),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        AllOf(HasSubstr("no column for time"), HasSubstr("columns found: 1 to 3"))));
  EXPECT_THAT(NumberedColumns({{"user", "99999999999999999999"}}, 3),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("user=")));
}

}  // namespace
}  // namespace kindred
