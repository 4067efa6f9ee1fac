#include "index/log/ordered_ledger.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using Entry = OrderedLedger::Entry;

Entry BadRow(const std::string& detail) {
  Entry entry;
  entry.tally.AddBad("time", 1, detail);
  entry.tally.lines = 1;
  return entry;
}

TEST(OrderedLedgerTest, TheOrderOfAddingDoesNotMatter) {
  std::vector<Entry> entries = {{Entry::Kind::kInputBegins, "a", 0, {}, 0},
                                BadRow("one"),
                                BadRow("two"),
                                {Entry::Kind::kInputEnds, "", 0, {}, 0},
                                {Entry::Kind::kInputBegins, "b", 3, {}, 0},
                                {Entry::Kind::kRows, "", 0, {}, 5},
                                BadRow("three")};
  entries[5].tally.AddBad("missing user", 2, "");
  std::vector<size_t> order(entries.size());
  std::iota(order.begin(), order.end(), 0);
  std::mt19937 random(5);
  for (int round = 0; round < 100; ++round) {
    OrderedLedger ledger(1);
    for (const size_t number : order) ASSERT_OK(ledger.Add(number, entries[number]));
    EXPECT_EQ(ledger.settled(), entries.size());
    const ReadReport& report = ledger.ledger().report();
    EXPECT_EQ(report.rows, 4u);
    EXPECT_EQ(report.events, 5u);
    EXPECT_EQ(report.bad.at("time").first.detail, "one");
    EXPECT_EQ(report.bad.at("time").first.file, "a");
    EXPECT_EQ(report.bad.at("missing user").first.file, "b");
    EXPECT_EQ(report.bad.at("missing user").first.line, 5u);
    std::shuffle(order.begin(), order.end(), random);
  }
}

TEST(OrderedLedgerTest, AnInputWithoutRowsIsCountedAtItsEnd) {
  OrderedLedger ledger(1);
  ASSERT_OK(ledger.Add(0, {Entry::Kind::kInputBegins, "a", 0, {}, 0}));
  ASSERT_OK(ledger.Add(2, {Entry::Kind::kInputEnds, "", 0, {}, 0}));
  EXPECT_EQ(ledger.ledger().report().empty_files, 0u);
  ASSERT_OK(ledger.Add(1, {}));
  EXPECT_EQ(ledger.ledger().report().first_empty_file, "a");
}

}  // namespace
}  // namespace kindred
