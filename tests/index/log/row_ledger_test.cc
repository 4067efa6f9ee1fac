#include "index/log/row_ledger.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/log/search_row.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using testing::HasStatus;
using ::testing::HasSubstr;

RowRefusal Bad(absl::string_view value = "x") { return {RowRefusal::Kind::kBad, "time", value}; }

// So many rows of an event, then so many bad ones.
RowTally Rows(int events, int bad) {
  RowTally tally;
  for (int i = 0; i < events; ++i) tally.AddEventRow();
  for (int i = 0; i < bad; ++i) tally.AddRefused(Bad(), 1);
  return tally;
}

TEST(RowLedgerTest, EveryRowIsCountedOnceAndTheFirstOfAReasonIsKept) {
  RowLedger ledger(1);
  ledger.StartFile("a", 1);
  RowTally first, second, other_file, held;
  first.lines = 10;
  first.AddEventRow();
  first.AddRefused(Bad("never"), 2);
  first.AddRefused(Bad("ever"), 3);
  second.AddRefused({RowRefusal::Kind::kSkipped, "query too long", ""}, 4);
  second.AddActionLine();
  other_file.AddRefused(Bad("so"), 1);
  other_file.AddRefused({RowRefusal::Kind::kSkipped, "empty query", ""}, 7);
  other_file.HoldRow();
  other_file.HoldRow();
  held.SettleEventRow();
  held.SettleSkipped("event of an unknown query_id", "a", 9, "id");
  EXPECT_OK(ledger.Merge(first));
  EXPECT_OK(ledger.Merge(second));
  ledger.StartFile("b");
  EXPECT_OK(ledger.Merge(other_file));
  EXPECT_OK(ledger.Merge(held));
  const ReadReport& report = ledger.report();
  EXPECT_EQ(report.rows, 8u);
  EXPECT_EQ(report.event_rows, 2u);
  EXPECT_EQ(report.bad_rows(), 3u);
  EXPECT_EQ(report.action_lines, 1u);
  EXPECT_EQ(report.bad.at("time").first.file, "a");
  EXPECT_EQ(report.bad.at("time").first.line, 3u);
  EXPECT_EQ(report.bad.at("time").first.detail, "never");
  EXPECT_EQ(report.skipped.at("query too long").first.line, 15u);  // 1 line before, 10 of the first block, the fourth.
  EXPECT_EQ(report.skipped.at("empty query").first.file, "b");
  EXPECT_EQ(report.skipped.at("empty query").first.line, 7u);
  EXPECT_EQ(report.skipped.at("event of an unknown query_id").first.file, "a");
  EXPECT_EQ(report.skipped.at("event of an unknown query_id").first.line, 9u);
}

TEST(RowLedgerTest, BadRowsBeforeGoodOnesAreJudgedAtTheEnd) {
  RowLedger ledger(0.01);
  ASSERT_OK(ledger.Merge(Rows(5'000, 5'000)));
  ASSERT_OK(ledger.Merge(Rows(489'999, 0)));
  EXPECT_THAT(ledger.CheckAtEnd(), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("5000 of 499999")));
  ASSERT_OK(ledger.Merge(Rows(1, 0)));
  EXPECT_OK(ledger.CheckAtEnd());
}

TEST(RowLedgerTest, MoreThanHalfOfTenThousandRowsIsHopelessUnlessMoreMayBeBad) {
  RowLedger ledger(0.01), tolerant(0.9), most_tolerant(1);
  ASSERT_OK(ledger.Merge(Rows(5'000, 5'000)));
  EXPECT_THAT(ledger.Merge(Rows(0, 5)), HasStatus(absl::StatusCode::kInvalidArgument,
                                                  AllOf(HasSubstr("5001 of 10001"), HasSubstr("--max_bad_rows 1%"))));
  ASSERT_OK(tolerant.Merge(Rows(1'000, 9'000)));
  EXPECT_THAT(tolerant.Merge(Rows(0, 1)), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("9001 of")));
  ASSERT_OK(most_tolerant.Merge(Rows(0, 20'000)));
}

TEST(RowLedgerTest, TheShareOfBadRowsIsHeldAtTheEndAndFromTenThousandRowsOn) {
  RowLedger ledger(0.5);
  ASSERT_OK(ledger.Merge(Rows(0, 9'999)));
  EXPECT_THAT(ledger.Merge(Rows(0, 1)), HasStatus(absl::StatusCode::kInvalidArgument,
                                                  AllOf(HasSubstr("10000 of 10000"), HasSubstr("--max_bad_rows 50%"))));
  EXPECT_THAT(ledger.CheckAtEnd(), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("10000 of 10000")));
  EXPECT_OK(ledger.Merge(Rows(10'000, 0)));
  EXPECT_OK(ledger.CheckAtEnd());  // Exactly half.
  RowLedger none(0);
  EXPECT_OK(none.CheckAtEnd());
}

TEST(RowLedgerTest, TheRowThatIsTooMuchIsTheSameWhateverTheBlocks) {
  std::vector<std::string> messages;
  for (const int block : {1, 7, 100'000}) {
    RowLedger ledger(0.01);
    absl::Status status;
    RowTally tally;
    for (int row = 0; row < 50'000 && status.ok(); ++row) {
      // Few are bad, then nearly all: half is reached in the middle of a block.
      if (row < 12'000 && row % 10 != 0) {
        tally.AddEventRow();
      } else {
        tally.AddRefused({RowRefusal::Kind::kBad, row % 3 == 0 ? "time" : "missing user", ""}, 1);
      }
      if (row % block == block - 1 || row == 49'999) status = ledger.Merge(std::exchange(tally, RowTally()));
    }
    EXPECT_FALSE(status.ok());
    messages.push_back(std::string(status.message()).substr(0, std::string(status.message()).find(", first at")));
    EXPECT_EQ(ledger.report().bad_rows(), 10'801u);
  }
  EXPECT_THAT(messages[0], HasSubstr("10801 of 21601 rows are bad"));
  EXPECT_EQ(messages[1], messages[0]);
  EXPECT_EQ(messages[2], messages[0]);
}

TEST(RowLedgerTest, ReasonsAreBoundedAndTheSameWhateverTheBlocks) {
  for (const int block : {1, 10, 1000}) {
    RowLedger ledger(1);
    RowTally tally;
    for (int i = 0; i < 1000; ++i) {
      tally.AddRefused({RowRefusal::Kind::kSkipped, kOtherAction,
                        absl::StrCat("action", i < 900 ? i : i - 900, std::string(1000, 'x'))},
                       1);
      if (i % block < block - 1) continue;
      ASSERT_OK(ledger.Merge(std::exchange(tally, RowTally())));
    }
    EXPECT_EQ(ledger.report().rows, 1000u);
    EXPECT_LE(ledger.report().skipped.size(), 65u);
    EXPECT_EQ(ledger.report().skipped.at("other reasons").rows, 872u);  // The first 64 have names, and come twice.
    for (const auto& [reason, counted] : ledger.report().skipped) EXPECT_LE(reason.size(), 50u);
  }
}

}  // namespace
}  // namespace kindred
