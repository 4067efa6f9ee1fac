#include "index/lookup/list_merger.h"

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::MakeCandidate;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

WeightedList List(double weight, std::vector<Candidate> candidates) {
  WeightedList list;
  list.weight = weight;
  const auto owned = std::make_shared<const std::vector<Candidate>>(std::move(candidates));
  list.list.candidates.assign(owned->begin(), owned->end());
  list.list.owner = owned;
  return list;
}

// With the keywords that the places stand for.
struct Merged {
  std::vector<MergedCandidate> places;
  std::vector<std::string> keywords;
};

Merged Merge(const std::vector<WeightedList>& lists) {
  Merged merged{MergeLists(lists), {}};
  for (const MergedCandidate& at : merged.places) {
    merged.keywords.emplace_back(lists[at.list].list.candidates[at.place].keyword);
  }
  return merged;
}

TEST(MergeListsTest, MatchesHandComputedValues) {
  const float ln3 = std::log(3.0F);
  // Shares: a .75, b .25; and b .5, c .5.
  const Merged merged = Merge({List(.8, {MakeCandidate("a", 5 + ln3), MakeCandidate("b", 5)}),
                               List(.4, {MakeCandidate("b", -2), MakeCandidate("c", -2)})});
  ASSERT_THAT(merged.keywords, ElementsAre("a", "b", "c"));
  EXPECT_NEAR(merged.places[0].score, .8 * .75 / 1.2, 1e-6);
  EXPECT_NEAR(merged.places[1].score, (.8 * .25 + .4 * .5) / 1.2, 1e-6);
  EXPECT_NEAR(merged.places[2].score, .4 * .5 / 1.2, 1e-6);
}

TEST(MergeListsTest, EvidenceIsThatOfTheListThatContributedMost) {
  Candidate weak = MakeCandidate("b", 0, 1);
  Candidate strong = MakeCandidate("b", 0, 9);
  const Merged merged = Merge({List(.5, {MakeCandidate("a", 2), weak}), List(.5, {strong})});
  ASSERT_THAT(merged.keywords, ElementsAre("b", "a"));
  EXPECT_EQ(merged.places[0].place, 0);
  EXPECT_EQ(merged.places[0].list, 1);
  EXPECT_EQ(merged.places[1].list, 0);
}

TEST(MergeListsTest, TiesAreOrderedByUsersThenBytes) {
  EXPECT_THAT(Merge({List(1, {MakeCandidate("d", 1, 3), MakeCandidate("b", 1, 3), MakeCandidate("c", 1, 8),
                              MakeCandidate("a", 1, 2)})})
                  .keywords,
              ElementsAre("c", "b", "d", "a"));
}

TEST(MergeListsTest, ScoresStayFiniteWhateverTheListsHold) {
  const Merged merged =
      Merge({List(1, {MakeCandidate("a", 3e38F), MakeCandidate("b", -3e38F)}), List(1, {MakeCandidate("c", -3e38F)})});
  ASSERT_THAT(merged.keywords, ElementsAre("a", "c", "b"));
  EXPECT_EQ(merged.places[0].score, .5);
  EXPECT_EQ(merged.places[1].score, .5);
  EXPECT_EQ(merged.places[2].score, 0);
}

TEST(MergeListsTest, ScoresSumToOne) {
  const Merged merged = Merge(
      {List(.9, {MakeCandidate("a", 3), MakeCandidate("b", 1)}), List(.3, {MakeCandidate("b", 2)}), List(.7, {})});
  double sum = 0;
  for (const MergedCandidate& candidate : merged.places) sum += candidate.score;
  EXPECT_NEAR(sum, 1, 1e-6);
}

TEST(MergeListsTest, NothingMergesToNothing) {
  EXPECT_THAT(MergeLists({}), IsEmpty());
  EXPECT_THAT(Merge({List(1, {})}).places, IsEmpty());
}

}  // namespace
}  // namespace kindred
