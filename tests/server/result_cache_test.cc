#include "server/result_cache.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

Question QuestionOf(absl::string_view query, absl::string_view market = "", uint32_t max_keywords = 8,
                    bool explain = false) {
  return {market, query, max_keywords, explain};
}

Answer SomeAnswer(const Question& question) {
  return Answer(question, NormalizeQuery(question.query).value(), Recommendation(), index::v1::IndexInfo());
}

TEST(ResultCacheTest, EveryPartOfTheQuestionCounts) {
  const Question kQuestions[] = {QuestionOf("tent"),
                                 QuestionOf("tents"),
                                 QuestionOf("Tent"),
                                 QuestionOf("nt", "te"),
                                 QuestionOf("ent", "t"),
                                 QuestionOf("tent", "tw"),
                                 QuestionOf("tent", "", 9),
                                 QuestionOf("tent", "", 8, true),
                                 QuestionOf("帳篷", "市場\n2"),
                                 QuestionOf("tent", "", 50)};
  const ResultCache cache(1 << 20);
  std::vector<std::shared_ptr<const Answer>> answers;
  for (const Question& question : kQuestions) {
    EXPECT_EQ(cache.Find(question), nullptr);
    answers.push_back(cache.Insert(question, SomeAnswer(question)));
  }
  for (const Question& question : kQuestions) cache.Prefetch(question);
  for (size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(cache.Find(kQuestions[i]), answers[i]) << i;
}

TEST(ResultCacheTest, StaysWithinItsBytes) {
  constexpr size_t kBytes = 1 << 20;
  const ResultCache cache(kBytes);
  for (int i = 0; i < 20000; ++i) {
    const std::string query = absl::StrCat("query ", i);
    const Question question = QuestionOf(query);
    cache.Insert(question, SomeAnswer(question));
    ASSERT_LE(cache.used_bytes(), kBytes);
  }
  EXPECT_GT(cache.used_bytes(), kBytes / 2);
  EXPECT_EQ(cache.capacity_bytes(), kBytes);
}

TEST(ResultCacheTest, TheSameQuestionAgainTakesNoMoreRoom) {
  const ResultCache cache(1 << 20);
  cache.Insert(QuestionOf("tent"), SomeAnswer(QuestionOf("tent")));
  const size_t bytes = cache.used_bytes();
  const auto answer = cache.Insert(QuestionOf("tent"), SomeAnswer(QuestionOf("tent")));
  EXPECT_EQ(cache.used_bytes(), bytes);
  EXPECT_EQ(cache.Find(QuestionOf("tent")), answer);
}

TEST(ResultCacheTest, WhatIsAskedOnceDoesNotPushOutWhatIsAskedAgain) {
  const ResultCache cache(1 << 20);
  std::vector<std::string> often;
  for (int i = 0; i < 200; ++i) often.push_back(absl::StrCat("often ", i));
  const auto ask = [&cache](const std::string& query) {
    if (cache.Find(QuestionOf(query)) != nullptr) return true;
    cache.Insert(QuestionOf(query), SomeAnswer(QuestionOf(query)));
    return false;
  };
  for (int round = 0; round < 2; ++round) {
    for (const std::string& query : often) ask(query);
  }
  size_t found = 0;
  for (int once = 0; once < 40'000; ++once) {  // Several times what there is room for.
    ask(absl::StrCat("once ", once));
    found += ask(often[once % often.size()]);
  }
  EXPECT_EQ(found, 40'000U);
}

TEST(ResultCacheTest, WhatIsNoLongerAskedGoes) {
  const ResultCache cache(1 << 20);
  const auto ask_twice = [&cache](const std::string& query) {
    cache.Insert(QuestionOf(query), SomeAnswer(QuestionOf(query)));
    EXPECT_NE(cache.Find(QuestionOf(query)), nullptr);
  };
  ask_twice("tent");
  for (int i = 0; i < 20'000; ++i) ask_twice(absl::StrCat("query ", i));
  EXPECT_EQ(cache.Find(QuestionOf("tent")), nullptr);
}

TEST(ResultCacheTest, AnAnswerWithoutRoomIsGivenAndNotKept) {
  const ResultCache cache(100);
  EXPECT_NE(cache.Insert(QuestionOf("tent"), SomeAnswer(QuestionOf("tent"))), nullptr);
  EXPECT_EQ(cache.Find(QuestionOf("tent")), nullptr);
  EXPECT_EQ(cache.used_bytes(), 0U);
}

TEST(ResultCacheTest, NoBytesKeepNothing) {
  const ResultCache cache(0);
  cache.Insert(QuestionOf("tent"), SomeAnswer(QuestionOf("tent")));
  EXPECT_EQ(cache.Find(QuestionOf("tent")), nullptr);
}

TEST(ResultCacheTest, AnAnswerOutlivesItsCache) {
  const Question question = QuestionOf("tent");
  std::shared_ptr<const Answer> answer;
  {
    const ResultCache cache(1 << 20);
    cache.Insert(question, SomeAnswer(question));
    answer = cache.Find(question);
  }
  EXPECT_FALSE(answer->Response({}).empty());
}

TEST(ResultCacheTest, GivesBackItsQuestions) {
  const ResultCache cache(1 << 20);
  const Question want = QuestionOf("iPhone 15 保護殼", "市場\n2", 50, true);
  cache.Insert(want, SomeAnswer(want));
  const std::vector<KeptQuestion> questions = cache.Questions(10);
  ASSERT_EQ(questions.size(), 1U);
  EXPECT_EQ(questions[0].query, want.query);
  EXPECT_EQ(questions[0].market, want.market);
  EXPECT_EQ(questions[0].max_keywords, 50U);
  EXPECT_TRUE(questions[0].explain);
  for (int i = 0; i < 20; ++i) cache.Insert(QuestionOf(std::string(i + 1, 'q')), SomeAnswer(want));
  EXPECT_EQ(cache.Questions(10).size(), 10U);
}

TEST(ResultCacheTest, GivesBackThoseFoundMostOftenFirst) {
  const ResultCache cache(1 << 20);
  for (int i = 0; i < 50; ++i) {
    const std::string query = absl::StrCat("q", i);
    const Question question = QuestionOf(query);
    cache.Insert(question, SomeAnswer(question));
    for (int finds = 0; finds < (i == 17 ? 3 : i == 4 ? 2 : i % 2); ++finds) (void)cache.Find(question);
  }
  const std::vector<KeptQuestion> questions = cache.Questions(2);
  ASSERT_EQ(questions.size(), 2U);
  EXPECT_EQ(questions[0].query, "q17");
  EXPECT_EQ(questions[1].query, "q4");
}

TEST(ResultCacheTest, ThreadsShareIt) {
  const ResultCache cache(64 << 10);  // Small: entries are evicted while others read them.
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache] {
      for (int i = 0; i < 3000; ++i) {
        const std::string query = absl::StrCat("query ", i % 500);
        const Question question = QuestionOf(query);
        cache.Prefetch(question);
        if (const auto answer = cache.Find(question)) {
          EXPECT_EQ(answer->Response({}), SomeAnswer(question).Response({}));
        } else {
          cache.Insert(question, SomeAnswer(question));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace kindred
