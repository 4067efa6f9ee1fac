#include "index/log/row_ledger.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using testing::HasStatus;
using ::testing::HasSubstr;

TEST(RowLedgerTest, EveryRowIsCountedOnceAndTheFirstOfAReasonIsKept) {
  RowLedger ledger(1);
  ledger.StartFile("a");
  ledger.AddEventRow();
  EXPECT_OK(ledger.AddBad("time", 3, "never"));
  EXPECT_OK(ledger.AddBad("time", 4, "ever"));
  ledger.StartFile("b");
  EXPECT_OK(ledger.AddBad("time", 1, "so"));
  ledger.AddSkipped("empty query", 7, "");
  ledger.HoldRow();
  ledger.HoldRow();
  ledger.SettleEventRow();
  ledger.SettleSkipped("event of an unknown query_id", {"a", 9, "id"});
  ledger.AddActionLine();
  const ReadReport& report = ledger.report();
  EXPECT_EQ(report.rows, 7u);
  EXPECT_EQ(report.event_rows, 2u);
  EXPECT_EQ(report.bad_rows(), 3u);
  EXPECT_EQ(report.action_lines, 1u);
  EXPECT_EQ(report.bad.at("time").first.file, "a");
  EXPECT_EQ(report.bad.at("time").first.line, 3u);
  EXPECT_EQ(report.bad.at("time").first.detail, "never");
  EXPECT_EQ(report.skipped.at("empty query").first.file, "b");
  EXPECT_EQ(report.skipped.at("event of an unknown query_id").first.line, 9u);
}

TEST(RowLedgerTest, BadRowsBeforeGoodOnesAreJudgedAtTheEnd) {
  RowLedger ledger(0.01);
  for (int i = 0; i < 5'000; ++i) ledger.AddEventRow();
  for (int i = 0; i < 5'000; ++i) ASSERT_OK(ledger.AddBad("time", 1, "x"));
  for (int i = 0; i < 489'999; ++i) ledger.AddEventRow();
  EXPECT_THAT(ledger.CheckAtEnd(), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("5000 of 499999")));
  ledger.AddEventRow();
  EXPECT_OK(ledger.CheckAtEnd());
}

TEST(RowLedgerTest, MoreThanHalfOfTenThousandRowsIsHopelessUnlessMoreMayBeBad) {
  RowLedger ledger(0.01), tolerant(0.9), most_tolerant(1);
  for (int i = 0; i < 5'000; ++i) ledger.AddEventRow();
  for (int i = 0; i < 5'000; ++i) ASSERT_OK(ledger.AddBad("time", 1, "x"));
  EXPECT_THAT(
      ledger.AddBad("time", 1, "x"),
      HasStatus(absl::StatusCode::kInvalidArgument, AllOf(HasSubstr("5001 of 10001"), HasSubstr("--max_bad_rows 1%"))));
  for (int i = 0; i < 1'000; ++i) tolerant.AddEventRow();
  for (int i = 0; i < 9'000; ++i) ASSERT_OK(tolerant.AddBad("time", 1, "x"));
  EXPECT_THAT(tolerant.AddBad("time", 1, "x"), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("9001 of")));
  for (int i = 0; i < 20'000; ++i) ASSERT_OK(most_tolerant.AddBad("time", 1, "x"));
}

TEST(RowLedgerTest, TheShareOfBadRowsIsHeldAtTheEndAndFromTenThousandRowsOn) {
  RowLedger ledger(0.5);
  for (int i = 0; i < 9'999; ++i) EXPECT_OK(ledger.AddBad("time", 1, "x"));
  EXPECT_THAT(ledger.AddBad("time", 1, "x"),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        AllOf(HasSubstr("10000 of 10000"), HasSubstr("--max_bad_rows 50%"))));
  EXPECT_THAT(ledger.CheckAtEnd(), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("10000 of 10000")));
  for (int i = 0; i < 10'000; ++i) ledger.AddEventRow();
  EXPECT_OK(ledger.CheckAtEnd());  // Exactly half.
  RowLedger none(0);
  EXPECT_OK(none.CheckAtEnd());
}

TEST(RowLedgerTest, ReasonsAreBounded) {
  RowLedger ledger(1);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_OK(ledger.AddRefused(
        {RowVerdict::Kind::kSkipped, kOtherAction, absl::StrCat("action", i, std::string(1000, 'x')), {}}, 1));
  }
  EXPECT_EQ(ledger.report().rows, 1000u);
  EXPECT_LE(ledger.report().skipped.size(), 65u);
  EXPECT_EQ(ledger.report().skipped.at("other reasons").rows, 936u);
  for (const auto& [reason, counted] : ledger.report().skipped) EXPECT_LE(reason.size(), 50u);
}

TEST(RowLedgerTest, ExamplesAreShortAndClean) {
  RowLedger ledger(1);
  EXPECT_OK(ledger.AddBad("time", 1, "a\tb\x01" + std::string(1000, 'x')));
  const std::string& detail = ledger.report().bad.at("time").first.detail;
  EXPECT_LE(detail.size(), 120u);
  EXPECT_THAT(detail, HasSubstr("a\\x09b\\x01xxx"));
}

}  // namespace
}  // namespace kindred
