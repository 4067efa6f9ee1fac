#include "server/responder.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/stubs/logging.h"
#include "gtest/gtest.h"
#include "kindred/v1/related_search.pb.h"
#include "tests/server/index_damage.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::DamageRows;
using ::kindred::testing::HasStatus;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TempDir;
using ::kindred::testing::TinyMarkets;
using ::testing::_;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class ResponderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const TinyMarkets markets = {
        {"jp", MakeLists({{"tent", {"寝袋", "ランタン"}}})},
        {"us",
         MakeLists({{"tent", {"Sleeping Bag", "stove", "tent pegs", "lamp", "axe", "rope", "map", "mat", "cup", "pan"}},
                    {"camping stove", {"gas"}}})}};
    ASSERT_OK(PublishTinyIndex(dir_.path(), markets));
    ASSERT_OK_AND_ASSIGN(store_, SnapshotStore::Open(IndexRoot(dir_.path()), {}));
  }

  v1::GetRelatedKeywordsResponse Respond(const v1::GetRelatedKeywordsRequest& request) {
    v1::GetRelatedKeywordsResponse response;
    const auto reply = Responder(store_.get(), &metrics_, options_).Respond(request.SerializeAsString());
    EXPECT_OK(reply);
    EXPECT_TRUE(response.ParseFromString(*reply));
    return response;
  }
  std::vector<std::string> Keywords(const v1::GetRelatedKeywordsRequest& request) {
    std::vector<std::string> keywords;
    const v1::GetRelatedKeywordsResponse response = Respond(request);
    for (const auto& keyword : response.keywords()) keywords.push_back(keyword.keyword());
    return keywords;
  }
  static v1::GetRelatedKeywordsRequest Asking(const std::string& query, const std::string& market = "us") {
    v1::GetRelatedKeywordsRequest request;
    request.set_query(query);
    request.set_market(market);
    return request;
  }

  const TempDir dir_;
  ServerMetrics metrics_;
  Responder::Options options_;
  std::unique_ptr<SnapshotStore> store_;
};

TEST_F(ResponderTest, LooksUpTheNormalForm) {
  const v1::GetRelatedKeywordsResponse response = Respond(Asking("  ＴＥＮＴ! "));
  EXPECT_EQ(response.normalized_query(), "tent");
  EXPECT_EQ(response.match(), v1::MATCH_EXACT);
  EXPECT_EQ(response.index_version(), "1");
  EXPECT_EQ(response.keywords(0).keyword(), "Sleeping Bag");
}

TEST_F(ResponderTest, GivesAsManyAsAskedElseTheDefault) {
  v1::GetRelatedKeywordsRequest request = Asking("tent");
  EXPECT_THAT(Keywords(request), SizeIs(8));
  options_.default_keywords = 3;
  EXPECT_THAT(Keywords(request), ElementsAre("Sleeping Bag", "stove", "tent pegs"));
  request.set_max_keywords(2);
  EXPECT_THAT(Keywords(request), ElementsAre("Sleeping Bag", "stove"));
  request.set_max_keywords(50);
  EXPECT_THAT(Keywords(request), SizeIs(10));
}

TEST_F(ResponderTest, MarketIsTheRequestsElseTheServersElseTheIndexs) {
  EXPECT_THAT(Keywords(Asking("tent", "")), ElementsAre("寝袋", "ランタン"));  // "jp" is the first.
  options_.default_market = "us";
  EXPECT_THAT(Keywords(Asking("tent", "")), SizeIs(8));
  EXPECT_THAT(Keywords(Asking("tent", "jp")), ElementsAre("寝袋", "ランタン"));
}

TEST_F(ResponderTest, NothingKnownIsAnAnswer) {
  for (const auto& request : {Asking("tent", "atlantis"), Asking("zxqw"), Asking("!!!")}) {
    const v1::GetRelatedKeywordsResponse response = Respond(request);
    EXPECT_EQ(response.match(), v1::MATCH_NONE);
    EXPECT_THAT(response.keywords(), IsEmpty());
  }
}

TEST_F(ResponderTest, UnknownQueryIsAnsweredThroughANearOne) {
  v1::GetRelatedKeywordsRequest request = Asking("camping  stoves");
  request.set_explain(true);
  const v1::GetRelatedKeywordsResponse response = Respond(request);
  EXPECT_EQ(response.match(), v1::MATCH_SIMILAR);
  ASSERT_THAT(response.keywords(), SizeIs(1));
  EXPECT_EQ(response.keywords(0).keyword(), "gas");
  EXPECT_EQ(response.keywords(0).explanation().via_query(), "camping stove");
}

TEST_F(ResponderTest, RecentQueriesAreNotSuggestedAgain) {
  v1::GetRelatedKeywordsRequest request = Asking("tent");
  request.set_max_keywords(3);
  ASSERT_THAT(Keywords(request), ElementsAre("Sleeping Bag", "stove", "tent pegs"));
  request.add_recent_queries("SLEEPINGBAG");  // In any spelling that takes no typing error.
  request.add_recent_queries("\xEF\xB7\xBA...");
  request.add_recent_queries("");
  for (int round = 0; round < 2; ++round) EXPECT_THAT(Keywords(request), ElementsAre("stove", "tent pegs", "lamp"));
}

TEST_F(ResponderTest, OnlyTheLastFiveRecentQueriesCount) {
  v1::GetRelatedKeywordsRequest request = Asking("tent");
  request.set_max_keywords(3);
  for (const char* recent : {"sleeping bag", "stove", "axe", "rope", "map", "mat"}) request.add_recent_queries(recent);
  EXPECT_THAT(Keywords(request), ElementsAre("Sleeping Bag", "tent pegs", "lamp"));
}

TEST_F(ResponderTest, KeptAnswersAreTheSameInEverySpellingAndEveryWayOfAsking) {
  const Responder responder(store_.get(), &metrics_, options_);
  const std::string asked = Asking("tent").SerializeAsString();
  const std::string unknown_field = asked + "\x7A\x01x", asked_twice = Asking("axe").SerializeAsString() + asked;
  const std::string other_spelling = Asking("Tent").SerializeAsString();
  ASSERT_OK_AND_ASSIGN(const std::string first, responder.Respond(asked));
  for (int round = 0; round < 2; ++round) {
    for (const std::string& request : {asked, unknown_field, asked_twice, other_spelling}) {
      EXPECT_EQ(responder.Respond(request).value(), first);
    }
  }
  for (const char* recent : {"axe", "rope", "map", "mat", "sleeping bag", "stove"}) {
    v1::GetRelatedKeywordsRequest request = Asking("tent");
    for (int i = 0; i < 6; ++i) {
      request.add_recent_queries(recent);
      ASSERT_OK_AND_ASSIGN(const auto other_store, SnapshotStore::Open(IndexRoot(dir_.path()), {.cache_bytes = 0}));
      ASSERT_OK_AND_ASSIGN(const std::string want,
                           Responder(other_store.get(), &metrics_, options_).Respond(request.SerializeAsString()));
      EXPECT_EQ(responder.Respond(request.SerializeAsString()).value(), want);
    }
  }
}

TEST_F(ResponderTest, KeptAnswersKeepTheLimits) {
  const Responder responder(store_.get(), &metrics_, options_);
  ASSERT_OK(responder.Respond(Asking("tent").SerializeAsString()));
  const std::string asked = Asking("tent").SerializeAsString();
  EXPECT_THAT(responder.Respond(asked + "\x22\x02\xC3\x28"),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("recent_queries[0]")));
  EXPECT_THAT(responder.Respond(asked + "\x22"), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("decode")));
  EXPECT_THAT(responder.Respond("\x0A\x02\xC3\x28" + asked),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("query")));
  EXPECT_THAT(responder.Respond(Asking("tent", "").SerializeAsString() + "\x1A\x02\xC3\x28"),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("market")));
  v1::GetRelatedKeywordsRequest request = Asking("tent");
  for (int i = 0; i < 101; ++i) request.add_recent_queries("axe");
  EXPECT_THAT(responder.Respond(request.SerializeAsString()),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("recent_queries")));
  request = Asking("tent");
  request.set_max_keywords(256 + 8);  // As many as are kept, in its last byte.
  EXPECT_THAT(responder.Respond(request.SerializeAsString()),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("max_keywords")));
}

TEST_F(ResponderTest, QueryThatGrowsPastTheLimitIsInvalid) {
  std::string ligatures;  // Each becomes 33 bytes.
  for (int i = 0; i < 80; ++i) ligatures += "\xEF\xB7\xBA";
  EXPECT_THAT(Responder(store_.get(), &metrics_, options_).Respond(Asking(ligatures).SerializeAsString()),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("query: ")));
}

TEST_F(ResponderTest, BatchAnswersInOrder) {
  v1::BatchGetRelatedKeywordsRequest batch;
  *batch.add_requests() = Asking("tent", "jp");
  *batch.add_requests() = Asking("zxqw");
  for (int i = 0; i < 98; ++i) *batch.add_requests() = Asking("tent");
  const Responder responder(store_.get(), &metrics_, options_);
  Responder::Batch answers;
  ASSERT_OK(responder.Answer(batch.SerializeAsString(), answers, [] { return absl::OkStatus(); }));
  v1::BatchGetRelatedKeywordsResponse response;
  ASSERT_TRUE(response.ParseFromString(answers.responses));
  ASSERT_EQ(response.responses_size(), 100);
  EXPECT_EQ(response.responses(0).keywords(0).keyword(), "寝袋");
  EXPECT_EQ(response.responses(1).match(), v1::MATCH_NONE);
  EXPECT_EQ(response.responses(99).SerializeAsString(), Respond(Asking("tent")).SerializeAsString());
}

TEST_F(ResponderTest, ABatchSaysWhatItsQueriesAreToldOneByOneWithoutACache) {
  const char* const kQueries[] = {"tent", "Tent", "camping stove", "zxqw", "tent red", "寝袋", "stove camping"};
  ASSERT_OK_AND_ASSIGN(const auto cold_store, SnapshotStore::Open(IndexRoot(dir_.path()), {.cache_bytes = 0}));
  const Responder responder(store_.get(), &metrics_, options_), cold(cold_store.get(), &metrics_, options_);
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    v1::BatchGetRelatedKeywordsRequest batch;
    for (size_t size = 1 + random() % 100; size > 0; --size) {
      v1::GetRelatedKeywordsRequest& request = *batch.add_requests();
      request = Asking(kQueries[random() % std::size(kQueries)], random() % 2 == 0 ? "jp" : "us");
      request.set_max_keywords(static_cast<uint32_t>(random() % 3));
      request.set_explain(random() % 5 == 0);
      if (random() % 3 == 0) request.add_recent_queries(kQueries[random() % std::size(kQueries)]);
    }
    Responder::Batch answers;
    ASSERT_OK(responder.Answer(batch.SerializeAsString(), answers, [] { return absl::OkStatus(); }));
    v1::BatchGetRelatedKeywordsResponse response, want;
    ASSERT_TRUE(response.ParseFromString(answers.responses));
    for (const auto& request : batch.requests()) {
      ASSERT_OK_AND_ASSIGN(const std::string bytes, cold.Respond(request.SerializeAsString()));
      ASSERT_TRUE(want.add_responses()->ParseFromString(bytes));
    }
    EXPECT_EQ(response.SerializeAsString(), want.SerializeAsString());
  }
}

TEST_F(ResponderTest, ABadRequestOfABatchIsNamed) {
  const google::protobuf::LogSilencer silence;
  const struct {
    std::string bytes;
    const char* want;
  } kCases[] = {
      {Asking("").SerializeAsString(), "requests[17].query must be 1 to 256 bytes; it is empty"},
      {"\x0a\x03te\xff", "requests[17].query: "},
      {Asking("tent", "").SerializeAsString() + "\x1A\x02\xC3\x28", "requests[17].market: "},
      {Asking("tent").SerializeAsString() + "\x22\x02\xC3\x28", "requests[17].recent_queries[0]: "},
      {"\x0a\x05tent", "requests[17].request does not decode as kindred.v1.GetRelated"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.want);
    v1::BatchGetRelatedKeywordsRequest batch;
    for (int i = 0; i < 17; ++i) *batch.add_requests() = Asking("tent");
    const std::string bytes =
        batch.SerializeAsString() + "\x0a" + static_cast<char>(c.bytes.size()) + c.bytes + batch.SerializeAsString();
    Responder::Batch answers;
    EXPECT_THAT(Responder(store_.get(), &metrics_, options_).Answer(bytes, answers, [] { return absl::OkStatus(); }),
                HasStatus(absl::StatusCode::kInvalidArgument, StartsWith(c.want)));
    EXPECT_EQ(answers.answered, 0u) << "judged before any is answered";
  }
}

TEST_F(ResponderTest, BatchStopsWhereNobodyWaitsAndGoesOnFromThere) {
  v1::BatchGetRelatedKeywordsRequest batch;
  for (int i = 0; i < 40; ++i) *batch.add_requests() = Asking(absl::StrCat("tent ", i));
  const Responder responder(store_.get(), &metrics_, options_);
  const std::string bytes = batch.SerializeAsString();
  Responder::Batch answers;
  size_t before = 0;
  for (const size_t more : {3, 17}) {
    size_t asked = 0;
    const auto go_on = [&] { return ++asked > more ? absl::CancelledError("gone") : absl::OkStatus(); };
    EXPECT_THAT(responder.Answer(bytes, answers, go_on),
                HasStatus(absl::StatusCode::kCancelled, absl::StrCat("after ", before + more, " of 40 queries: gone")));
    EXPECT_EQ(asked, more + 1);
    EXPECT_EQ(answers.answered, before += more);
  }
  ASSERT_OK(responder.Answer(bytes, answers, [] { return absl::OkStatus(); }));
  v1::BatchGetRelatedKeywordsResponse response;
  ASSERT_TRUE(response.ParseFromString(answers.responses));
  ASSERT_EQ(response.responses_size(), 40);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(response.responses(i).normalized_query(), batch.requests(i).query());
}

// A look at the clock takes as long as a kept answer.
TEST_F(ResponderTest, OfKeptAnswersABatchAsksOnceForMany) {
  v1::BatchGetRelatedKeywordsRequest batch;
  for (int i = 0; i < 100; ++i) *batch.add_requests() = Asking("tent");
  const Responder responder(store_.get(), &metrics_, options_);
  ASSERT_OK(responder.Respond(Asking("tent").SerializeAsString()));
  int asked = 0;
  Responder::Batch answers;
  ASSERT_OK(responder.Answer(batch.SerializeAsString(), answers, [&asked] {
    ++asked;
    return absl::OkStatus();
  }));
  EXPECT_GE(asked, 5);
  EXPECT_LE(asked, 10);
}

TEST_F(ResponderTest, DamageIsLoggedOnceASecondWithoutTheQuery) {
  DamageRows(dir_.File("1"));
  const Responder responder(store_.get(), &metrics_, options_);
  ::testing::internal::CaptureStdout();  // Before InitLogging(), spdlog logs here, from level info.
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(responder.Respond(Asking("tent").SerializeAsString()), HasStatus(absl::StatusCode::kDataLoss, _));
  }
  const std::string log = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(log, AllOf(HasSubstr("index does not answer"), HasSubstr("version=1"), HasSubstr("DATA_LOSS")));
  EXPECT_THAT(log, Not(HasSubstr("tent")));
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
}

}  // namespace
}  // namespace kindred
