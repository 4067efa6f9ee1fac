#include "index/lookup/recommender.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/lookup/blocklist.h"
#include "index/text/respelling.h"
#include "tests/index/lookup/lookup_index.h"
#include "tests/index/lookup/tiny_near_index.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::MakeCandidate;
using ::kindred::testing::MakeList;
using ::kindred::testing::Normal;
using ::kindred::testing::OpenLookupIndex;
using ::kindred::testing::RandomText;
using ::kindred::testing::TempDir;
using ::kindred::testing::TinyLists;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::vector<std::string> Keywords(const Recommendation& recommendation) {
  std::vector<std::string> keywords;
  for (const CandidateView& candidate : recommendation.candidates) keywords.emplace_back(candidate.keyword);
  return keywords;
}

class RecommenderTest : public ::testing::Test {
 protected:
  void Open(const TinyLists& lists) {
    ASSERT_OK_AND_ASSIGN(reader_, OpenLookupIndex(dir_, lists, 2));
    recommender_ = std::make_unique<Recommender>(reader_);
  }
  void Block(const std::string& lines) {
    ASSERT_OK_AND_ASSIGN(Blocklist blocklist, Blocklist::Parse(lines));
    recommender_ = std::make_unique<Recommender>(reader_, std::make_shared<const Blocklist>(std::move(blocklist)));
  }

  Recommendation Ask(const std::string& query, size_t limit = 10) {
    absl::StatusOr<Recommendation> recommendation = recommender_->Recommend("", Normal(query), limit);
    EXPECT_OK(recommendation);
    return recommendation.value_or(Recommendation());
  }

  TempDir dir_;
  std::shared_ptr<const IndexReader> reader_;
  std::unique_ptr<Recommender> recommender_;
};

TEST_F(RecommenderTest, AKnownQueryGetsItsListAsStored) {
  RelatedList list = MakeList("tent", {"stove", "tent pegs"});
  list.candidates[0].evidence = {.users = 7, .users_after = 3, .shared_products = 2, .shared_words = 0};
  Open({{"tent", list}});
  const Recommendation recommendation = Ask("Tent");
  EXPECT_EQ(recommendation.match, MatchKind::kExact);
  EXPECT_THAT(Keywords(recommendation), ElementsAre("stove", "tent pegs"));
  EXPECT_EQ(recommendation.candidates[0].score, list.candidates[0].score);
  EXPECT_EQ(recommendation.candidates[0].evidence, list.candidates[0].evidence);
  EXPECT_THAT(recommendation.via, Each(""));
}

// Scores of another spelling's list are on the scale of the own one, those of near lists are shares.
TEST_F(RecommenderTest, AShortListIsFilledFromWhatIsSimilar) {
  const std::vector<std::string> keywords = {"switch 遊戲", "joy con", "ps5", "xbox", "任天堂"};
  Open({{"switch 主機 二手", MakeList("Switch 主機 二手", keywords, 11)},
        {"switch主機二手", MakeList("switch主機二手", {"joy con"}, 1)},
        {"無線藍牙耳機", MakeList("無線藍牙耳機", {"藍牙喇叭", "耳機收納"})},
        {"無線藍牙耳機推薦", MakeList("無線藍牙耳機推薦", {"airpods"})}});
  const Recommendation spelling = Ask("switch主機二手");
  EXPECT_EQ(spelling.match, MatchKind::kExact);
  EXPECT_THAT(Keywords(spelling), ElementsAre("joy con", "switch 遊戲", "ps5", "xbox", "任天堂"));
  EXPECT_THAT(spelling.via,
              ElementsAre("", "Switch 主機 二手", "Switch 主機 二手", "Switch 主機 二手", "Switch 主機 二手"));
  const Recommendation near = Ask("無線藍牙耳機推薦");
  EXPECT_EQ(near.match, MatchKind::kExact);
  EXPECT_EQ(Keywords(near).front(), "airpods");
  EXPECT_THAT(Keywords(near), Contains("藍牙喇叭"));
  for (const Recommendation& filled : {spelling, near}) {
    for (size_t i = 1; i < filled.candidates.size(); ++i) {
      EXPECT_GE(filled.candidates[i - 1].score, filled.candidates[i].score) << filled.candidates[i].keyword;
    }
  }
  EXPECT_THAT(Keywords(Ask("switch 主機 二手")), SizeIs(5)) << "long enough";
  ASSERT_OK_AND_ASSIGN(const auto direct, recommender_->RecommendOwn("", Normal("switch主機二手"), 10));
  EXPECT_FALSE(direct.has_value());
}

TEST_F(RecommenderTest, TheLimitCutsEveryKindOfAnswer) {
  Open({{"camping tent", MakeList("camping tent", {"stove", "tent pegs", "lantern", "mattress"})}});
  for (const char* query : {"camping tent", "campingtent", "campimg tent", "camping tent cheap"}) {
    EXPECT_THAT(Ask(query, 1).candidates, SizeIs(1)) << query;
    EXPECT_THAT(Ask(query, 3).candidates, SizeIs(3)) << query;
    EXPECT_GE(Ask(query, 100).candidates.size(), 4) << query;
  }
}

TEST_F(RecommenderTest, NothingKnownIsNone) {
  Open({{"tent", MakeList("tent", {"stove"})}});
  EXPECT_EQ(Ask("violin").match, MatchKind::kNone);
  EXPECT_THAT(Ask("violin").candidates, IsEmpty());
  EXPECT_EQ(Ask("").match, MatchKind::kNone);
  ASSERT_OK_AND_ASSIGN(const Recommendation elsewhere, recommender_->Recommend("fr", Normal("tent"), 5));
  EXPECT_EQ(elsewhere.match, MatchKind::kNone);
}

TEST_F(RecommenderTest, AnEmptyIndexAnswersNone) {
  Open({});
  EXPECT_EQ(Ask("tent").match, MatchKind::kNone);
}

TEST_F(RecommenderTest, ARespeltQueryGetsTheKnownOnesListWithItsScores) {
  const RelatedList list = MakeList("Camping Tent", {"stove", "lantern"});
  Open({{"camping tent", list}, {"camping tent 4", MakeList("camping tent 4", {"chair"})}});
  for (const char* query : {"campingtent", "tent camping", "campimg tent"}) {
    const Recommendation recommendation = Ask(query);
    EXPECT_EQ(recommendation.match, MatchKind::kSimilar) << query;
    EXPECT_THAT(Keywords(recommendation), ElementsAre("stove", "lantern")) << query;
    EXPECT_EQ(recommendation.candidates[1].score, list.candidates[1].score) << query;
    EXPECT_THAT(recommendation.via, ElementsAre("Camping Tent", "Camping Tent")) << query;
  }
}

// What few people typed is shown to nobody else, but their list still answers.
TEST_F(RecommenderTest, AQueryOfFewerThanMinUsersIsNotNamed) {
  Open({{"camping tent", MakeList("Camping Tent", {"stove", "lantern"}, 1)},
        {"garden hose", MakeList("Garden Hose", {"sprinkler"}, 2)}});
  const Recommendation rare = Ask("campingtent");
  EXPECT_THAT(Keywords(rare), ElementsAre("stove", "lantern"));
  EXPECT_THAT(rare.via, ElementsAre("", ""));
  EXPECT_THAT(Ask("gardenhose").via, ElementsAre("Garden Hose"));
  const Recommendation near = Ask("camping tent accessories");
  EXPECT_THAT(Keywords(near), Contains("stove"));
  EXPECT_THAT(near.via, Each(""));
}

// The correction is the business of a spelling suggestion.
TEST_F(RecommenderTest, ATypoIsNeverAnsweredWithItsCorrection) {
  Open({{"gears of war", MakeList("gears of war", {"halo reach", "god of war"})},
        {"gears of war 2", MakeList("gears of war 2", {"gears of war", "halo reach"})}});
  const Recommendation recommendation = Ask("geears of war");
  EXPECT_EQ(recommendation.match, MatchKind::kSimilar);
  EXPECT_THAT(Keywords(recommendation), Not(Contains("gears of war")));
}

TEST_F(RecommenderTest, AShorterNearQueryIsItselfSuggested) {
  Open({{"無線藍牙耳機", MakeList("無線藍牙耳機", {"藍牙喇叭", "耳機收納"})},
        {"iphone 15 手機殼", MakeList("iPhone 15 手機殼", {"iPhone 15 保護貼"})}});
  const Recommendation chinese = Ask("無線藍牙耳機推薦");
  EXPECT_EQ(chinese.match, MatchKind::kSimilar);
  EXPECT_THAT(Keywords(chinese), Contains("無線藍牙耳機"));
  EXPECT_THAT(chinese.via, Each("無線藍牙耳機"));
  EXPECT_THAT(Keywords(Ask("iphone 15 手機殼 透明")), Contains("iPhone 15 手機殼"));
}

TEST_F(RecommenderTest, ARespellingOfTheQueryInANearListIsLeftOut) {
  Open({{"camping tent", MakeList("camping tent", {"campingtents sale", "stove"})}});
  const Recommendation recommendation = Ask("camping tents sale");
  EXPECT_EQ(recommendation.match, MatchKind::kSimilar);
  EXPECT_THAT(Keywords(recommendation), Not(Contains("campingtents sale")));
  EXPECT_THAT(Keywords(recommendation), Contains("stove"));
}

TEST_F(RecommenderTest, AnAnswerOfRespellingsAloneIsNone) {
  Open({{"play station", MakeList("play station", {"playstations"})}});
  const Recommendation recommendation = Ask("playstation");
  EXPECT_EQ(recommendation.match, MatchKind::kNone);
  EXPECT_THAT(recommendation.candidates, IsEmpty());
  EXPECT_THAT(recommendation.via, IsEmpty());
}

TEST_F(RecommenderTest, OfTwoSpellingsOfOneKeywordTheBetterIsShown) {
  Open({{"xbox game war", MakeList("xbox game war", {"gears of war 3", "halo reach"})},
        {"xbox game gun", MakeList("xbox game gun", {"gearsofwar 3", "call of duty"})}});
  const Recommendation recommendation = Ask("xbox game war gun");
  EXPECT_EQ(recommendation.match, MatchKind::kSimilar);
  const std::vector<std::string> keywords = Keywords(recommendation);
  EXPECT_EQ(std::count(keywords.begin(), keywords.end(), "gears of war 3") +
                std::count(keywords.begin(), keywords.end(), "gearsofwar 3"),
            1);
  EXPECT_THAT(keywords, Contains("halo reach"));
  EXPECT_THAT(keywords, Contains("call of duty"));
}

TEST_F(RecommenderTest, ABlockedKeywordLeavesItsPlaceToTheNext) {
  Open({{"tent", MakeList("tent", {"stove", "Tent Pegs", "lantern", "tent poles", "chair", "table", "rope"})}});
  Block("tent pegs\n*poles\n");
  EXPECT_THAT(Keywords(Ask("tent")), ElementsAre("stove", "lantern", "chair", "table", "rope"));
  EXPECT_THAT(Keywords(Ask("tent", 3)), ElementsAre("stove", "lantern", "chair"));
  EXPECT_EQ(Ask("tent").match, MatchKind::kExact);
  ASSERT_OK_AND_ASSIGN(const auto own, recommender_->RecommendOwn("", Normal("tent"), 3));
  ASSERT_TRUE(own.has_value());
  EXPECT_THAT(Keywords(*own), ElementsAre("stove", "lantern", "chair"));
  EXPECT_THAT(Keywords(Ask("tents", 3)), ElementsAre("stove", "lantern", "chair"));
}

TEST_F(RecommenderTest, WhereAllOfAListIsBlockedWhatIsSimilarAnswers) {
  Open({{"無線藍牙耳機", MakeList("無線藍牙耳機", {"藍牙喇叭", "耳機收納"})},
        {"無線藍牙耳機推薦", MakeList("無線藍牙耳機推薦", {"airpods"})},
        {"tent", MakeList("tent", {"stove"})}});
  Block("AirPods\nstove");
  EXPECT_EQ(Ask("無線藍牙耳機推薦").match, MatchKind::kSimilar);
  EXPECT_THAT(Keywords(Ask("無線藍牙耳機推薦")), Contains("藍牙喇叭"));
  EXPECT_EQ(Ask("tent").match, MatchKind::kNone);
  EXPECT_THAT(Ask("tent").candidates, IsEmpty());
}

TEST_F(RecommenderTest, ABlockedNearQueryIsNeitherSuggestedNorNamed) {
  Open({{"無線藍牙耳機", MakeList("無線藍牙耳機", {"藍牙喇叭", "耳機收納"})}});
  Block("無线蓝牙耳机");
  const Recommendation recommendation = Ask("無線藍牙耳機推薦");
  EXPECT_THAT(Keywords(recommendation), ElementsAre("藍牙喇叭", "耳機收納"));
  EXPECT_THAT(recommendation.via, ElementsAre("", ""));
}

class RandomIndexTest : public RecommenderTest {
 protected:
  void SetUp() override {
    TinyLists lists;
    std::set<NormalizedQuery> queries;
    for (int i = 0; i < 800; ++i) {
      const auto script = static_cast<RandomText::Script>(random_.Below(3));
      typed_.push_back(i > 0 && random_.Below(3) == 0 ? random_.Variant(typed_.back(), script) : random_.Query(script));
    }
    for (const std::string& typed : typed_) {
      if (!queries.insert(Normal(typed)).second) continue;
      std::set<std::string> keywords;
      while (keywords.size() < 10) keywords.insert(typed_[random_.Below(typed_.size())]);
      lists.emplace(typed,
                    MakeList(typed, {keywords.begin(), keywords.end()}, static_cast<uint32_t>(1 + random_.Below(9))));
    }
    Open(lists);
    for (int i = 0; i < 600; ++i) {
      const auto script = static_cast<RandomText::Script>(random_.Below(3));
      asked_.push_back(random_.Variant(typed_[random_.Below(typed_.size())], script));
    }
  }

  RandomText random_{9};
  std::vector<std::string> typed_;
  std::vector<std::string> asked_;
};

TEST_F(RandomIndexTest, KeepsItsPromisesForEveryQuery) {
  int similar = 0;
  for (const std::string& typed : asked_) {
    SCOPED_TRACE(typed);
    const SpellingForm asked(Normal(typed));
    const Recommendation recommendation = Ask(typed, 8);
    EXPECT_LE(recommendation.candidates.size(), 8);
    EXPECT_EQ(recommendation.match == MatchKind::kNone, recommendation.candidates.empty());
    if (recommendation.match != MatchKind::kSimilar) continue;
    ++similar;
    ASSERT_EQ(recommendation.via.size(), recommendation.candidates.size());
    const bool one_list = std::set<std::string>(recommendation.via.begin(), recommendation.via.end()).size() == 1;
    for (size_t i = 0; i < recommendation.candidates.size(); ++i) {
      const CandidateView& candidate = recommendation.candidates[i];
      const SpellingForm form(Normal(std::string(candidate.keyword)));
      EXPECT_FALSE(IsRespelling(asked, form)) << candidate.keyword;
      EXPECT_TRUE(candidate.evidence.any());
      for (size_t j = 0; j < i; ++j) {
        const CandidateView& better = recommendation.candidates[j];
        EXPECT_NE(better.keyword, candidate.keyword);
        EXPECT_TRUE(one_list || !IsRespelling(form, SpellingForm(Normal(std::string(better.keyword)))))
            << better.keyword;
        EXPECT_LT(std::make_tuple(-better.score, ~better.evidence.users, better.keyword),
                  std::make_tuple(-candidate.score, ~candidate.evidence.users, candidate.keyword));
      }
    }
  }
  EXPECT_GT(similar, 200);
}

TEST_F(RandomIndexTest, NothingBlockedIsShownAndTheNextMoveUp) {
  std::vector<Recommendation> before;
  asked_.insert(asked_.end(), typed_.begin(), typed_.end());
  for (const std::string& typed : asked_) before.push_back(Ask(typed, kMaxCandidates));
  std::string lines;
  for (size_t i = 0; i < typed_.size(); i += 5) {
    if (!Normal(typed_[i]).empty()) lines += typed_[i] + "\n";
  }
  ASSERT_OK_AND_ASSIGN(const Blocklist blocklist, Blocklist::Parse(lines));
  Block(lines);
  int blocked = 0;
  for (size_t i = 0; i < asked_.size(); ++i) {
    SCOPED_TRACE(asked_[i]);
    const Recommendation now = Ask(asked_[i], 6);
    std::vector<std::string> kept = Keywords(before[i]);
    blocked += static_cast<int>(
        std::erase_if(kept, [&](const std::string& keyword) { return blocklist.Blocks(Normal(keyword)); }));
    for (const std::string& keyword : Keywords(now)) EXPECT_FALSE(blocklist.Blocks(Normal(keyword))) << keyword;
    if (before[i].match != MatchKind::kExact || kept.size() < 6) continue;
    kept.resize(6);
    EXPECT_EQ(Keywords(now), kept);
  }
  EXPECT_GT(blocked, 500);
}

TEST_F(RandomIndexTest, ManyThreadsGetWhatOneGets) {
  std::vector<std::vector<std::string>> alone;
  for (const std::string& typed : asked_) alone.push_back(Keywords(Ask(typed)));
  std::atomic<int> different = 0;
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < asked_.size(); ++i) {
        const size_t at = (i + t * asked_.size() / 4) % asked_.size();
        const auto answer = recommender_->Recommend("", Normal(asked_[at]), 10);
        if (!answer.ok() || Keywords(*answer) != alone[at]) ++different;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(different, 0);
}

}  // namespace
}  // namespace kindred
