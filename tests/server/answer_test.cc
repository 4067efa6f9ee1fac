#include "server/answer.h"

#include <deque>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/text/stripped_form.h"
#include "kindred/index/v1/index_info.pb.h"
#include "kindred/v1/related_search.pb.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::MakeCandidate;
using ::testing::ElementsAre;
using ::testing::FloatEq;

class AnswerTest : public ::testing::Test {
 protected:
  AnswerTest() {
    info_.set_version(42);
    for (const float weight : {1.0F, 2.0F, 3.0F, 4.0F, 5.0F}) info_.add_weights(weight);
    question_.query = "Tent";
    question_.max_keywords = 2;
    recommendation_.match = MatchKind::kExact;
    for (const char* keyword : {"tent pegs", "睡袋", "stove", "lamp"}) Add(keyword);
  }

  void Add(const std::string& keyword, float score = 1) {
    recommendation_.candidates.emplace_back(candidates_.emplace_back(MakeCandidate(keyword, score)));
  }

  Answer MakeAnswer() const {
    return Answer(question_, NormalizeQuery(question_.query).value(), recommendation_, info_);
  }
  v1::GetRelatedKeywordsResponse Response(const std::vector<uint32_t>& searched = {}) const {
    v1::GetRelatedKeywordsResponse response;
    EXPECT_TRUE(response.ParseFromString(MakeAnswer().Response(searched)));
    return response;
  }
  std::vector<std::string> Keywords(const std::vector<uint32_t>& searched = {}) const {
    std::vector<std::string> keywords;
    const v1::GetRelatedKeywordsResponse response = Response(searched);
    for (const auto& keyword : response.keywords()) keywords.push_back(keyword.keyword());
    return keywords;
  }

  index::v1::IndexInfo info_;
  Question question_;
  std::deque<Candidate> candidates_;  // Those of the recommendation are views of them.
  Recommendation recommendation_;
};

TEST_F(AnswerTest, TellsAllFields) {
  recommendation_.candidates[0].score = 1.5;
  const v1::GetRelatedKeywordsResponse response = Response();
  EXPECT_THAT(Keywords(), ElementsAre("tent pegs", "睡袋"));
  EXPECT_EQ(response.keywords(0).score(), 1.5);
  EXPECT_FALSE(response.keywords(0).has_explanation());
  EXPECT_EQ(response.index_version(), "42");
  EXPECT_EQ(response.match(), v1::MATCH_EXACT);
  EXPECT_EQ(response.normalized_query(), "tent");
}

TEST_F(AnswerTest, BytesAreThoseOfProtobuf) {
  question_.max_keywords = 50;
  Add(std::string(kMaxKeywordBytes, 'x'), -1.5);
  Add("zero", 0);
  Add("minus zero", -0.0F);
  recommendation_.via = {"via", ""};
  for (const bool explain : {false, true}) {
    for (const char* query : {"tent", ""}) {
      question_.explain = explain;
      question_.query = query;
      const std::string bytes = MakeAnswer().Response({});
      v1::GetRelatedKeywordsResponse response;
      ASSERT_TRUE(response.ParseFromString(bytes));
      EXPECT_EQ(response.keywords_size(), 7);
      EXPECT_EQ(response.SerializeAsString(), bytes);
    }
  }
}

TEST_F(AnswerTest, WhatWasSearchedMakesRoomForTheNext) {
  const uint32_t pegs = StrippedFingerprint(NormalizeQuery("tent pegs").value());
  const uint32_t stove = StrippedFingerprint(NormalizeQuery("stove").value());
  EXPECT_THAT(Keywords({pegs}), ElementsAre("睡袋", "stove"));
  EXPECT_THAT(Keywords({pegs, stove}), ElementsAre("睡袋", "lamp"));
  EXPECT_THAT(Keywords({stove}), ElementsAre("tent pegs", "睡袋"));
}

TEST_F(AnswerTest, AsksForEnoughToLeaveOutFive) {
  question_.max_keywords = 50;
  EXPECT_EQ(Answer::CandidateLimit(question_), 55U);
}

TEST_F(AnswerTest, NothingKnownIsAnAnswer) {
  recommendation_ = {};
  EXPECT_EQ(Response().match(), v1::MATCH_NONE);
  EXPECT_THAT(Keywords(), ElementsAre());
}

TEST_F(AnswerTest, ExplainsByContribution) {
  question_.explain = true;
  CandidateView& candidate = recommendation_.candidates[0];
  candidate.evidence = {.users = 12, .users_after = 8, .shared_products = 3, .shared_words = 1};
  candidate.signals = {1, 2, 0.5, -1, 1};  // Contributions 1, 4, 1.5, -4, 5.
  const v1::Explanation explanation = Response().keywords(0).explanation();
  EXPECT_EQ(explanation.users(), 12U);
  EXPECT_EQ(explanation.users_after(), 8U);
  EXPECT_EQ(explanation.shared_products(), 3U);
  EXPECT_EQ(explanation.shared_words(), 1U);
  EXPECT_EQ(explanation.via_query(), "");
  std::vector<std::string> names;
  for (const v1::Signal& signal : explanation.signals()) names.push_back(signal.name());
  EXPECT_THAT(names,
              ElementsAre("jaccard", "token", "walk1", "pair", "next", "co_click", "recent", "follow_up", "walk2"));
  EXPECT_THAT(explanation.signals(1).value(), FloatEq(2));
  EXPECT_THAT(explanation.signals(1).contribution(), FloatEq(4));
}

TEST_F(AnswerTest, SimilarNamesTheQueryItCameThrough) {
  question_.explain = true;
  recommendation_.match = MatchKind::kSimilar;
  recommendation_.via = {"tents", "Camping", "tents", "tents"};
  EXPECT_EQ(Response().match(), v1::MATCH_SIMILAR);
  EXPECT_EQ(Response().keywords(1).explanation().via_query(), "Camping");
}

}  // namespace
}  // namespace kindred
