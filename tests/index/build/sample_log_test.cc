#include "index/build/sample_log.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/build/sample_characters.h"
#include "index/build/sample_random.h"
#include "index/build/sample_truth.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::testing::HasSubstr;

struct Row {
  std::string user, time, query, item, action, market;
};

std::string Log(uint64_t rows, uint64_t seed) {
  std::ostringstream out;
  const absl::Status status = WriteSampleLog({.rows = rows, .seed = seed}, out);
  EXPECT_TRUE(status.ok()) << status;
  return out.str();
}

std::vector<Row> SampleRows(const std::string& log) {
  std::vector<Row> rows;
  for (const absl::string_view line : absl::StrSplit(log, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    EXPECT_EQ(fields.size(), 6u) << line;
    if (fields.size() == 6) rows.push_back({fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]});
  }
  rows.erase(rows.begin());  // The header.
  return rows;
}

// One log for the tests that only look.
const std::vector<Row>& HundredThousand() {
  static const auto* const rows = new std::vector<Row>(SampleRows(Log(100'000, 1)));
  return *rows;
}

TEST(WriteSampleLogTest, TheSameSeedGivesTheSameBytesForEver) {
  const std::string log = Log(10'000, 1);
  EXPECT_EQ(log, Log(10'000, 1));
  EXPECT_NE(log, Log(10'000, 2));
  uint64_t hash = 0;
  for (const char c : log) hash = SampleHash(hash ^ static_cast<unsigned char>(c));
  // A change here changes every benchmark that names this log: say so in the change log.
  EXPECT_EQ(hash, 14800046634935838872u);
}

TEST(WriteSampleLogTest, HasExactlyTheRowsAskedFor) {
  for (const uint64_t rows : {1, 2, 39, 40, 41, 1000, 4321}) EXPECT_EQ(SampleRows(Log(rows, 3)).size(), rows);
  EXPECT_EQ(HundredThousand().size(), 100'000u);
}

TEST(WriteSampleLogTest, RowsAreWellFormedAndInOrderOfTime) {
  const std::string log = Log(1000, 1);
  EXPECT_EQ(log.substr(0, log.find('\n')), "user_id\ttime\tquery\titem\taction\tmarket");
  const std::set<std::string> actions = {"click", "cart", "purchase"};
  absl::Time last = absl::InfinitePast();
  for (const Row& row : HundredThousand()) {
    absl::Time time;
    std::string error;
    ASSERT_TRUE(absl::ParseTime("%Y-%m-%dT%H:%M:%E3SZ", row.time, &time, &error)) << error;
    ASSERT_LE(last, time);
    last = time;
    EXPECT_FALSE(row.user.empty() || row.query.empty());
    EXPECT_EQ(row.item.empty(), row.action.empty());
    EXPECT_TRUE(row.action.empty() || actions.count(row.action) > 0) << row.action;
    EXPECT_EQ(SampleCodePoints(row.query).find(U'\uFFFD'), std::u32string::npos) << "not UTF-8";
  }
  EXPECT_GE(HundredThousand().front().time, "2025-08-31T16");
  EXPECT_LE(HundredThousand().back().time, "2025-11-29T18");
}

TEST(WriteSampleLogTest, ThreeSearchesInFiveLeadToAClick) {
  std::map<std::pair<std::string, std::string>, bool> searches;  // By user and time.
  for (const Row& row : HundredThousand()) searches[{row.user, row.time}] |= !row.item.empty();
  const double clicked = static_cast<double>(
      std::count_if(searches.begin(), searches.end(), [](const auto& search) { return search.second; }));
  EXPECT_NEAR(clicked / static_cast<double>(searches.size()), 0.55, 0.03);  // Half-typed ones and robots click nothing.
}

TEST(WriteSampleLogTest, RobotsSearchThousandsADayAtEqualGaps) {
  std::map<std::string, std::vector<absl::Time>> times;
  for (const Row& row : HundredThousand()) {
    absl::Time time;
    std::string error;
    ASSERT_TRUE(absl::ParseTime("%Y-%m-%dT%H:%M:%E3SZ", row.time, &time, &error)) << error;
    times[row.user].push_back(time);
  }
  int robots = 0;
  for (const auto& [user, seen] : times) {
    if (seen.size() < 1500) continue;
    ++robots;
    EXPECT_EQ(seen.size(), 2500u);
    for (size_t i = 2; i < seen.size(); ++i) EXPECT_EQ(seen[i] - seen[i - 1], seen[1] - seen[0]);
  }
  EXPECT_EQ(robots, 1);
}

TEST(WriteSampleLogTest, SomeSearchesAreHalfTypedAndThenWhole) {
  const SampleTruth truth(SampleMarket::kTaiwan, {.rows = 100'000, .seed = 1});
  int zhuyin = 0, half = 0;
  for (const Row& row : HundredThousand()) {
    if (row.market != "tw" || !truth.TopicsOf(row.query).empty()) continue;
    ++half;  // Or junk, which is a twentieth of it.
    const char32_t last = SampleCodePoints(row.query).back();
    zhuyin += last >= 0x3105 && last <= 0x3129;
  }
  EXPECT_NEAR(half, 2700, 700);
  EXPECT_GT(zhuyin, 500);
}

TEST(WriteSampleLogTest, AnEighthOfTheRowsIsJapansAndNoUserIsInBothMarkets) {
  std::map<std::string, std::set<std::string>> users;
  int japanese = 0;
  for (const Row& row : HundredThousand()) {
    users[row.market].insert(row.user);
    japanese += row.market == "jp";
  }
  EXPECT_THAT(users, ::testing::UnorderedElementsAre(::testing::Key("tw"), ::testing::Key("jp")));
  EXPECT_EQ(japanese, 12'500);
  for (const std::string& user : users["jp"]) EXPECT_EQ(users["tw"].count(user), 0u);
}

TEST(WriteSampleLogTest, OneQueryIsTypedInManySpellings) {
  std::set<std::string> typed;
  for (const Row& row : HundredThousand()) typed.insert(row.query);
  EXPECT_THAT(typed, ::testing::IsSupersetOf({"藍牙耳機", "蓝牙耳机", "藍芽耳機"}));
  EXPECT_THAT(typed, ::testing::IsSupersetOf({"airpods pro", "ａｉｒｐｏｄｓ　ｐｒｏ", "Airpods Pro"}));
}

TEST(WriteSampleLogTest, DistinctQueriesGrowAsVocabulariesDo) {
  const auto distinct = [](const std::vector<Row>& rows) {
    std::set<std::string> queries;
    for (const Row& row : rows) queries.insert(row.query);
    return static_cast<double>(queries.size());
  };
  EXPECT_NEAR(distinct(HundredThousand()), 14'000, 2000);
  EXPECT_NEAR(distinct(SampleRows(Log(400'000, 1))) / distinct(HundredThousand()), 2.9, 0.5);
}

TEST(WriteSampleLogTest, RefusesNoRowsAndAbsurdlyMany) {
  std::ostringstream out;
  EXPECT_THAT(WriteSampleLog({.rows = 0}, out),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("--rows 0: not within 1 and 1000000000")));
  EXPECT_THAT(WriteSampleLog({.rows = kMaxSampleRows + 1}, out),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("rows")));
  EXPECT_EQ(out.str(), "");
}

TEST(WriteSampleLogTest, SaysWhenTheStreamTakesNoMore) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  EXPECT_THAT(WriteSampleLog({.rows = 100}, out), HasStatus(absl::StatusCode::kUnavailable, HasSubstr("disk is full")));
}

}  // namespace
}  // namespace kindred
