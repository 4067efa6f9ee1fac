#include "index/rank/evidence_screen.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;

// That lists miss nothing is RankerTest.AListIsOfAllThatHasEvidence.
TEST(EvidenceScreenTest, LetsThroughWhatSharesAWordOrAProductOrIsSearchedBeside) {
  LogBuilder log;
  for (const char* user : {"u", "v", "w"}) {
    log.Search(user, 0, "red tent").Search(user, 60, "stove").Click(user, 90, "stove", "p1");
    log.Click(std::string(user) + "2", 0, "cooker", "p1").Search(std::string(user) + "3", 0, "big tent");
    log.Search(std::string(user) + "4", 0, "sofa").Search(std::string(user) + "4", 60, "chair");
  }
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto tables, RankTables::Create(table, mined, {}));
  EvidenceScreen screen(tables);
  const auto passes = [&](const char* query) { return screen.Passes(IdOf(table, query)); };
  const auto start = [&](const char* query, size_t touches) {
    return screen.Start(IdOf(table, query), tables->WordsOf(IdOf(table, query)), touches);
  };
  ASSERT_TRUE(start("red tent", 10));
  EXPECT_TRUE(passes("red tent") && passes("big tent") && passes("stove"));
  EXPECT_FALSE(passes("cooker") || passes("sofa") || passes("chair"));
  ASSERT_TRUE(start("stove", 10));
  EXPECT_TRUE(passes("stove") && passes("red tent") && passes("cooker"));
  EXPECT_FALSE(passes("big tent") || passes("sofa"));
  EXPECT_FALSE(start("red tent", 0));  // Three hold its words, and nothing would be summed up.
  ASSERT_TRUE(start("sofa", 10));
  EXPECT_TRUE(passes("sofa") && passes("chair"));
  EXPECT_FALSE(passes("red tent") || passes("stove"));
}

}  // namespace
}  // namespace kindred
