#include "index/store/related_list.h"

#include <iterator>

#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

TEST(QueryFingerprintTest, IsTheSameForEver) {
  // Low halves of XXH3-64 by another implementation (Python's xxhash): indexes on disk hold them.
  const struct {
    const char* text;
    uint32_t fingerprint;
  } kCases[] = {{"tent", 0x67e60ef2}, {"tent pegs", 0x8fe9c8d4}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.text);
    ASSERT_OK_AND_ASSIGN(const NormalizedQuery query, NormalizeQuery(c.text));
    EXPECT_EQ(QueryFingerprint(query), c.fingerprint);
  }
}

TEST(QueryFingerprintTest, IsThatOfTheNormalFormAndTellsQueriesApart) {
  ASSERT_OK_AND_ASSIGN(const NormalizedQuery typed, NormalizeQuery("  TENT "));
  EXPECT_EQ(QueryFingerprint(typed), 0x67e60ef2U);
  ASSERT_OK_AND_ASSIGN(const NormalizedQuery other, NormalizeQuery("tents"));
  EXPECT_NE(QueryFingerprint(other), QueryFingerprint(typed));
}

TEST(EvidenceTest, IsAnyOfPeopleProductsAndWords) {
  EXPECT_FALSE(Evidence().any());
  EXPECT_TRUE((Evidence{.users = 1}).any());
  EXPECT_TRUE((Evidence{.shared_products = 1}).any());
  EXPECT_TRUE((Evidence{.shared_words = 1}).any());
}

TEST(RelatedListTest, TheTotalOrderIsScoreThenUsersThenBytes) {
  const auto candidate = [](float score, uint32_t users, const char* keyword) {
    Candidate made;
    made.score = score;
    made.evidence.users = users;
    made.keyword = keyword;
    return made;
  };
  const Candidate ordered[] = {candidate(2, 1, "z"), candidate(1, 9, "y"), candidate(1, 8, "B"), candidate(1, 8, "a"),
                               candidate(1, 8, "\xc3\xa9")};
  for (size_t i = 0; i < std::size(ordered); ++i) {
    for (size_t j = 0; j < std::size(ordered); ++j) EXPECT_EQ(InListOrder(ordered[i], ordered[j]), i < j) << i << j;
  }
}

}  // namespace
}  // namespace kindred
