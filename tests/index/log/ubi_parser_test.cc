// UBI from the file to the events: documents, events, dialects, and the join over files.
#include <algorithm>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/log/log_testing.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using testing::HasStatus;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kNoon;
using testing::OwnedEvent;
using testing::ReadLog;
using ::testing::UnorderedElementsAreArray;

constexpr char kSearch[] =
    R"({"query_id":"q1","client_id":"c1","user_query":"tent","timestamp":"2011-10-09T12:00:00Z"})"
    "\n";
constexpr char kClick[] =
    R"({"action_name":"click","query_id":"q1","client_id":"c1","timestamp":1318161609000,"event_attributes":{"object":{"object_id":"p1","object_id_field":"sku"},"position":{"ordinal":3}}})"
    "\n";
const OwnedEvent kSearchEvent = {"c1", "tent", "", kNoon, Action::kSearch};
const OwnedEvent kClickEvent = {"c1", "tent", "p1", kNoon, Action::kClick};

class UbiParserTest : public ::testing::Test {
 protected:
  absl::StatusOr<testing::Log> Read(const std::vector<std::string>& texts, const std::string& columns = "") {
    LogOptions options;
    options.columns = ParseColumns(columns).value();
    options.format = LogFormat::kUbi;
    for (const std::string& text : texts) {
      options.inputs.push_back(dir_.Write(absl::StrCat("log", options.inputs.size(), ".ndjson"), text));
    }
    options.max_bad_rows = 1;
    return ReadLog(options);
  }
  testing::TempDir dir_;
};

TEST_F(UbiParserTest, AClickTakesItsSearchsTimeAndQuery) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read({absl::StrCat(kSearch, kClick)}));
  EXPECT_THAT(log.events, ElementsAre(kSearchEvent, kClickEvent));
  EXPECT_EQ(log.report.rows, 2u);
  EXPECT_EQ(log.report.event_rows, 2u);
  EXPECT_EQ(log.report.events, 2u);
}

TEST_F(UbiParserTest, NeededRolesCannotBeLeftOut) {
  for (const std::string columns : {"query=", "time=", "user=,session="}) {
    EXPECT_THAT(Read({kSearch}, columns),
                HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("--columns " + columns)));
  }
  ASSERT_OK_AND_ASSIGN(const auto log, Read({kSearch}, "session=,item=,market="));
  EXPECT_THAT(log.events, ElementsAre(kSearchEvent));
}

TEST_F(UbiParserTest, AMarketIsFoundByItsUsualNamesAndAClickTakesItsSearchs) {
  const std::string search =
      R"({"query_id":"q1","client_id":"c1","user_query":"tent","timestamp":"2011-10-09T12:00:00Z","Market":"tw"})"
      "\n";
  OwnedEvent in_market = kSearchEvent, click_in_market = kClickEvent;
  in_market.market = click_in_market.market = "tw";
  ASSERT_OK_AND_ASSIGN(const auto log, Read({absl::StrCat(search, kClick)}));
  EXPECT_THAT(log.events, ElementsAre(in_market, click_in_market));
  ASSERT_OK_AND_ASSIGN(const auto without, Read({absl::StrCat(search, kClick)}, "market="));
  EXPECT_THAT(without.events, ElementsAre(kSearchEvent, kClickEvent));
  ASSERT_OK_AND_ASSIGN(const auto named, Read({absl::StrCat(search, kClick)}, "market=client_id"));
  EXPECT_EQ(named.events.at(0).market, "c1");
}

TEST_F(UbiParserTest, AQueryThatIsANullOfADatabaseIsNone) {
  const std::string null = R"({"query_id":"q1","client_id":"c1","user_query":"NULL","timestamp":1318161600})"
                           "\n";
  const std::string click = R"({"action_name":"click","query_id":"q1","client_id":"c1","user_query":"\\N",)"
                            R"("timestamp":1318161609000,"object_id":"p1"})";
  ASSERT_OK_AND_ASSIGN(const auto log, Read({absl::StrCat(null, kSearch, click)}));
  EXPECT_THAT(log.events, ElementsAre(kSearchEvent, kClickEvent));
  EXPECT_EQ(log.report.skipped.at("empty query").rows, 1u);
}

TEST_F(UbiParserTest, TheJoinSpansFilesInAnyOrder) {
  for (const auto& texts :
       {std::vector<std::string>{kSearch, kClick}, {kClick, kSearch}, {absl::StrCat(kClick, kSearch)}}) {
    ASSERT_OK_AND_ASSIGN(const auto log, Read(texts));
    EXPECT_THAT(log.events, ElementsAre(kSearchEvent, kClickEvent));
  }
}

TEST_F(UbiParserTest, BulkActionLinesAreCountedApart) {
  ASSERT_OK_AND_ASSIGN(
      const auto log,
      Read({absl::StrCat("{\"index\":{\"_index\":\"ubi_queries\"}}\n", kSearch, "{\"create\":{}}\n", kClick)}));
  EXPECT_EQ(log.events.size(), 2u);
  EXPECT_EQ(log.report.rows, 2u);
  EXPECT_EQ(log.report.action_lines, 2u);
}

TEST_F(UbiParserTest, DumpsThatWrapDocumentsAreRead) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read({absl::StrCat(R"({"_index":"ubi_queries","_id":"1","_source":)",
                                                          std::string(kSearch, sizeof(kSearch) - 2), "}\n")}));
  EXPECT_THAT(log.events, ElementsAre(kSearchEvent));
}

TEST_F(UbiParserTest, ActionsOfEveryDialect) {
  const struct {
    const char* name;
    Action want;
  } kCases[] = {{"click", Action::kClick},         {"item_click", Action::kClick},
                {"product_click", Action::kClick}, {"add_to_cart", Action::kCart},
                {"purchase", Action::kPurchase},   {"product_purchase", Action::kPurchase}};
  for (const auto& c : kCases) {
    const std::string event =
        absl::StrCat(R"({"action_name":")", c.name,
                     R"(","query_id":"q1","client_id":"c1","timestamp":1318161609000,"object_id":"p1"})");
    ASSERT_OK_AND_ASSIGN(const auto log, Read({absl::StrCat(kSearch, event)}));
    ASSERT_EQ(log.events.size(), 2u) << c.name;
    EXPECT_EQ(log.events[1].action, c.want) << c.name;
    EXPECT_EQ(log.events[1].item, "p1");
  }
}

TEST_F(UbiParserTest, ASearchEventStandsInForAMissingDocument) {
  const std::string search =
      R"({"action_name":"on_search","message_type":"QUERY","message":"tent","query_id":"q1","client_id":"c1","timestamp":1318161600000,"event_attributes":{"result_count":25}})"
      "\n";
  ASSERT_OK_AND_ASSIGN(const auto log, Read({absl::StrCat(kClick, search)}));
  OwnedEvent with_hits = kSearchEvent;
  with_hits.hits = 25;
  EXPECT_THAT(log.events, ElementsAre(kClickEvent, with_hits));
  ASSERT_OK_AND_ASSIGN(const auto with_document, Read({absl::StrCat(search, kSearch)}));
  EXPECT_THAT(with_document.events, ElementsAre(kSearchEvent));
  EXPECT_EQ(with_document.report.skipped.at("search event of a query that is logged").rows, 1u);
}

TEST_F(UbiParserTest, AClickThatTellsItsQueryNeedsNoSearch) {
  const std::string click =
      R"({"action_name":"click","query_id":"q9","session_id":"s1","user_query":"pegs","timestamp":1318161600000,"object_id":7})";
  ASSERT_OK_AND_ASSIGN(const auto log, Read({click}));
  EXPECT_THAT(log.events, ElementsAre(OwnedEvent{"s1", "pegs", "7", kNoon, Action::kClick}));
}

TEST_F(UbiParserTest, RowsThatGiveNothingAreCountedByReasonWithTheirLine) {
  ASSERT_OK_AND_ASSIGN(
      const auto log,
      Read({kSearch,
            absl::StrCat(
                R"({"action_name":"impression","query_id":"q1"})", "\n",  // 1
                R"({"action_name":"click","query_id":"q2","client_id":"c","timestamp":1318161600,"object_id":"p"})",
                "\n",                                                                                       // 2
                R"({"action_name":"click","query_id":"q1","client_id":"c","timestamp":1318161600})", "\n",  // 3
                R"({"action_name":"search","query_id":"q3","client_id":"c","timestamp":1318161600,"message":"x"})",
                "\n",                                                                                       // 4
                R"({"action_name":"click","query_id":"q1","timestamp":1318161600,"object_id":"p"})", "\n",  // 5
                R"({"query_id":"q4","client_id":"c","timestamp":"never","user_query":"tent"})", "\n",       // 6
                R"({"query_id":"q5","client_id":"c","timestamp":1318161600,"user_query":""})", "\n",        // 7
                R"({"query_id":"q6","client_id":"c","timestamp":1318161600})", "\n",                        // 8
                "{\"\n")}));                                                                                // 9
  EXPECT_THAT(log.events, ElementsAre(kSearchEvent));
  EXPECT_EQ(log.report.rows, 10u);
  EXPECT_EQ(log.report.event_rows, 1u);
  EXPECT_EQ(log.report.skipped.at("action impression").first.line, 1u);
  EXPECT_EQ(log.report.skipped.at("event of an unknown query_id").first.line, 2u);
  EXPECT_EQ(log.report.skipped.at("event of an unknown query_id").first.file, dir_.File("log1.ndjson"));
  EXPECT_EQ(log.report.skipped.at("event of an unknown query_id").first.detail, "q2");
  EXPECT_EQ(log.report.skipped.at("event without an item").first.line, 3u);
  EXPECT_EQ(log.report.skipped.at("search event without its query").first.line, 4u);
  EXPECT_EQ(log.report.skipped.at("empty query").first.line, 7u);
  EXPECT_EQ(log.report.bad.at("missing user").first.line, 5u);
  EXPECT_EQ(log.report.bad.at("time").first.line, 6u);
  EXPECT_EQ(log.report.bad.at("neither query nor event").first.line, 8u);
  EXPECT_EQ(log.report.bad.at("not JSON").first.line, 9u);
}

TEST_F(UbiParserTest, NullsOfDatabasesAreNoValues) {
  ASSERT_OK_AND_ASSIGN(
      const auto log,
      Read({absl::StrCat(
          R"({"query_id":"q1","client_id":"c1","user_query":"tent","action_name":"NULL","timestamp":1318161600})", "\n",
          R"({"query_id":"q1","client_id":"c1","action_name":"click","timestamp":1318161600,"object_id":"NULL"})")}));
  EXPECT_THAT(log.events, ElementsAre(kSearchEvent));
  EXPECT_EQ(log.report.skipped.at("event without an item").rows, 1u);
}

TEST_F(UbiParserTest, RowsOfTheFutureAreBad) {
  ASSERT_OK_AND_ASSIGN(
      const auto log,
      Read({R"({"query_id":"q1","client_id":"c1","user_query":"tent","timestamp":"2199-10-09T12:00:00Z"})"}));
  EXPECT_EQ(log.report.bad.at("time in the future").rows, 1u);
}

TEST_F(UbiParserTest, AFileOfEventsOnlyHasRows) {
  ASSERT_OK_AND_ASSIGN(const auto log, Read({kClick}));
  EXPECT_THAT(log.events, IsEmpty());
  EXPECT_EQ(log.report.skipped.at("event of an unknown query_id").rows, 1u);
}

TEST_F(UbiParserTest, TheOrderOfTheLogDoesNotMatter) {
  std::vector<std::string> lines = {kSearch, kClick};
  for (const char* time :
       {"1318161601", "1318161599", "1318161602"}) {  // One id for several searches, as some shops log.
    lines.push_back(
        absl::StrCat(R"({"query_id":"q1","client_id":"c1","user_query":"tents","timestamp":)", time, "}\n"));
    lines.push_back(absl::StrCat(
        R"({"action_name":"search","message_type":"query","message":"pegs","query_id":"q2","client_id":"c2","timestamp":)",
        time, "}\n"));
  }
  lines.push_back(
      R"({"action_name":"purchase","query_id":"q2","client_id":"c2","timestamp":1318161700,"object_id":"p2"})"
      "\n");
  std::mt19937 random(13);
  std::vector<OwnedEvent> want;
  for (int round = 0; round < 100; ++round) {
    ASSERT_OK_AND_ASSIGN(const auto log, Read({absl::StrJoin(lines, "")}));
    if (round == 0) want = log.events;
    ASSERT_THAT(log.events, UnorderedElementsAreArray(want));
    std::shuffle(lines.begin(), lines.end(), random);
  }
  EXPECT_EQ(want.size(), 9u);
}

}  // namespace
}  // namespace kindred
