#include "index/mine/table_parts.h"

#include <memory>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/mine/mined_log.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using testing::LogBuilder;

LogBuilder& AddSome(LogBuilder& log) {
  for (int user = 0; user < 9; ++user) {
    const std::string name = "u" + std::to_string(user);
    log.Search(name, user, "Tent").Click(name, 60 + user, "boots", "p" + std::to_string(user % 3));
    log.Search(name, 120 + user, user % 2 == 0 ? "stove" : "tent");
  }
  return log;
}

TEST(TablePartsTest, ATableThatIsTakenApartAndAssembledIsMinedAlike) {
  LogBuilder one, other;
  const EventTable wanted = AddSome(one).Table();
  EventTable taken = AddSome(other).Table();
  const auto pool = std::make_shared<ChunkPool>(SpillOptions());
  Partitions<StoredEvent> events(pool, EventTable::kUserPartitions);
  TableParts::TakeEvents(
      taken, [&](const StoredEvent& event) { events.Append(static_cast<uint32_t>(event.user >> 56), event); });
  const EventTable again = TableParts::Assemble(TableParts::TakeFrame(taken), pool, std::move(events));
  EXPECT_EQ(again.queries, wanted.queries);
  EXPECT_EQ(again.item_fingerprints, wanted.item_fingerprints);
  EXPECT_EQ(again.events(), wanted.events());
  EXPECT_EQ(again.items(), 3u);
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(again, {}));
  ASSERT_OK_AND_ASSIGN(const MinedLog mined_at_once, Mine(wanted, {}));
  EXPECT_TRUE(mined.pairs == mined_at_once.pairs);
  EXPECT_TRUE(mined.item_pairs == mined_at_once.item_pairs);
}

TEST(TablePartsTest, SpellingsOfOtherQueriesHaveOtherFingerprints) {
  const NormalizedQuery a = NormalizeQuery("a").value(), ab = NormalizeQuery("ab").value();
  EXPECT_EQ(FingerprintOfSpelling(a, "A"), FingerprintOfSpelling(a, "A"));
  EXPECT_FALSE(FingerprintOfSpelling(a, "A") == FingerprintOfSpelling(a, "a"));
  EXPECT_FALSE(FingerprintOfSpelling(a, "b") == FingerprintOfSpelling(ab, ""));
}

}  // namespace
}  // namespace kindred
