#include "index/log/row_members.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

// The values as "user session time query item action hits market", "-" for one that is empty; or the refusal.
std::string Read(const std::string& text, const ColumnNames& named = {}) {
  const std::string padded = text + std::string(64, '\0');
  JsonLine json;
  EXPECT_EQ(json.Parse(absl::string_view(padded).substr(0, text.size())), "");
  RowMembers members(named);
  SearchRow row;
  const RowRefusal refusal = members.Read(json, row);
  if (refusal.kind != RowRefusal::Kind::kEvent) return absl::StrCat(refusal.reason, ": ", refusal.value);
  std::string shown;
  for (const absl::string_view value : row.values) absl::StrAppend(&shown, value.empty() ? "-" : value, " ");
  shown.pop_back();
  return shown;
}

TEST(RowMembersTest, UsualNamesAreFoundInAnyOrder) {
  EXPECT_EQ(Read(R"({"Market":"tw","userId":7,"query_time":3,"q":"tent","sku":"p","hits":2,"event":"click"})"),
            "7 - 3 tent p click 2 tw");
  EXPECT_EQ(Read(R"({"event_attributes":{"object":{"object_id":"p"},"result_count":9},"other":{"query":"x"}})"),
            "- - - - p - 9 -");
  EXPECT_EQ(Read("{}"), "- - - - - - - -");
}

TEST(RowMembersTest, TheMoreTellingNameComesFirst) {
  EXPECT_EQ(Read(R"({"time":1,"ts":2,"query_time":3})"), "- - 3 - - - - -");
  EXPECT_EQ(Read(R"({"query_time":3,"time":1,"ts":2})"), "- - 3 - - - - -");
  EXPECT_EQ(Read(R"({"clicked_sku":null,"sku":"shown"})"), "- - - - - - - -");
}

TEST(RowMembersTest, TwoMembersOfOneRoleAreRefusedAndAChoiceSettlesIt) {
  EXPECT_EQ(Read(R"({"time":1,"ts":2})"),
            "two members of one role: time and ts may both be the time; choose with --columns time=time");
  EXPECT_EQ(Read(R"({"time":1,"ts":2})", {{"time", "ts"}}), "- - 2 - - - - -");
  EXPECT_EQ(Read(R"({"time":1,"ts":2})", {{"time", ""}}), "- - - - - - - -");
  EXPECT_EQ(Read(R"({"time":1,"time":2})"), "- - 1 - - - - -");
}

TEST(RowMembersTest, NamesThatAreGivenMayBeNestedAndLike) {
  EXPECT_EQ(Read(R"({"a":{"b":{"c":"x"}},"a.d":"y"})", {{"query", "a.b.c"}, {"user", "a.d"}}), "y - - x - - - -");
  EXPECT_EQ(Read(R"({"My-Query":"like","my_query":"exact"})", {{"query", "my_query"}}), "- - - exact - - - -");
  EXPECT_EQ(Read(R"({"My-Query":"like","MyQuery":"later"})", {{"query", "my_query"}}), "- - - like - - - -");
  EXPECT_EQ(Read(R"({"x":"both"})", {{"query", "x"}, {"item", "x"}}), "- - - both both - - -");
}

TEST(RowMembersTest, ValuesOfOtherTypes) {
  EXPECT_EQ(Read(R"({"user":["u"]})"), "value is no string or number: user");
  EXPECT_EQ(Read(R"({"hits":[1],"action":true,"query":{"text":"x"}})"), "- - - - - - - -");
  EXPECT_EQ(Read(R"({"time":[1],"query_time":3})"), "- - 3 - - - - -");
}

TEST(RowMembersTest, ForgetsWhatIsTooMuchToRemember) {
  JsonLine json;
  const ColumnNames named;
  RowMembers members(named);
  for (int i = 0; i < 10'000; ++i) {
    const std::string text = absl::StrCat("{\"n", i, "\":1,\"query\":\"tent\"}");
    const std::string padded = text + std::string(64, '\0');
    ASSERT_EQ(json.Parse(absl::string_view(padded).substr(0, text.size())), "");
    SearchRow row;
    members.Read(json, row);
    ASSERT_EQ(row[Role::kQuery], "tent");
  }
}

}  // namespace
}  // namespace kindred
