#include "server/request_parser.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "google/protobuf/stubs/logging.h"
#include "gtest/gtest.h"
#include "index/text/code_points.h"
#include "kindred/v1/related_search.pb.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Request = v1::GetRelatedKeywordsRequest;
using Batch = v1::BatchGetRelatedKeywordsRequest;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

Request RequestFor(const std::string& query) {
  Request request;
  request.set_query(query);
  return request;
}

// Field `number`, of bytes that no serializer would write.
std::string RawField(int number, const std::string& value) {
  return std::string(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(value.size()) + value;
}

TEST(ParseRequestTest, LimitsThemselvesAreAllowed) {
  Request request = RequestFor(std::string(256, 'a'));
  request.set_max_keywords(50);
  request.set_market(std::string(32, 'm'));
  request.add_recent_queries(std::string(256, 'r'));
  for (int i = 0; i < 99; ++i) request.add_recent_queries("");
  request.set_explain(true);
  ASSERT_OK_AND_ASSIGN(const Request parsed, ParseRequest(request.SerializeAsString()));
  EXPECT_EQ(parsed.SerializeAsString(), request.SerializeAsString());
}

TEST(ParseRequestTest, EachLimitIsNamed) {
  const struct {
    const char* name;
    std::function<void(Request&)> spoil;
    const char* want;
  } kCases[] = {
      {"no query", [](Request& r) { r.clear_query(); }, "query must be 1 to 256 bytes; it is empty"},
      {"long query", [](Request& r) { r.set_query(std::string(257, 'a')); },
       "query must be at most 256 bytes; it has 257"},
      {"many keywords", [](Request& r) { r.set_max_keywords(51); }, "max_keywords must be at most 50; it is 51"},
      {"long market", [](Request& r) { r.set_market(std::string(33, 'm')); },
       "market must be at most 32 bytes; it has 33"},
      {"long recent query",
       [](Request& r) {
         r.add_recent_queries("tent");
         r.add_recent_queries(std::string(300, 'r'));
       },
       "recent_queries[1] must be at most 256 bytes; it has 300"},
      {"many recent queries",
       [](Request& r) {
         for (int i = 0; i < 101; ++i) r.add_recent_queries("tent");
       },
       "recent_queries must be at most 100; there are 101"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    Request request = RequestFor("tent");
    c.spoil(request);
    EXPECT_THAT(ParseRequest(request.SerializeAsString()), HasStatus(kInvalid, c.want));
  }
}

TEST(ParseRequestTest, TextThatIsNotUtf8IsNamed) {
  const google::protobuf::LogSilencer silence;
  const struct {
    std::string bytes;
    const char* want;
  } kCases[] = {
      {RawField(1, "te\xff"), "query: "},
      {RawField(1, "tent") + RawField(3, "\xc3"), "market: "},
      {RawField(1, "tent") + RawField(4, "ok") + RawField(4, "\xed\xa0\x80"), "recent_queries[1]: "},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.want);
    EXPECT_THAT(ParseRequest(c.bytes), HasStatus(kInvalid, StartsWith(c.want)));
    EXPECT_THAT(ParseRequest(c.bytes), HasStatus(kInvalid, HasSubstr("UTF-8")));
  }
}

TEST(ParseRequestTest, LengthIsJudgedBeforeEncoding) {
  const google::protobuf::LogSilencer silence;
  std::string bytes = "\x0a\xac\x02";  // Field 1 of 300 bytes.
  bytes += std::string(300, '\xff');
  EXPECT_THAT(ParseRequest(bytes), HasStatus(kInvalid, "query must be at most 256 bytes; it has 300"));
}

TEST(ParseRequestTest, OtherBytesAreNoRequest) {
  for (const std::string bytes : {"\xff", "\x0a\x05tent", "\x0b"}) {
    EXPECT_THAT(ParseRequest(bytes), HasStatus(kInvalid, HasSubstr("does not decode as kindred.v1.GetRelated")));
    EXPECT_THAT(SplitBatchRequest(bytes), HasStatus(kInvalid, HasSubstr("does not decode as kindred.v1.BatchGet")));
  }
}

TEST(ParseRequestTest, FieldsOfANewerApiAreIgnored) {
  EXPECT_OK(ParseRequest(RawField(1, "tent") + RawField(15, "\xff")));
}

TEST(SplitBatchRequestTest, HoldsOneToAHundred) {
  Batch batch;
  EXPECT_THAT(SplitBatchRequest(""), HasStatus(kInvalid, "requests must hold 1 to 100 requests; it holds 0"));
  for (int i = 0; i < 100; ++i) *batch.add_requests() = RequestFor("tent");
  EXPECT_OK(SplitBatchRequest(batch.SerializeAsString()));
  *batch.add_requests() = RequestFor("tent");
  EXPECT_THAT(SplitBatchRequest(batch.SerializeAsString()),
              HasStatus(kInvalid, "requests must hold 1 to 100 requests; it holds 101"));
}

TEST(SplitBatchRequestTest, GivesTheBytesOfEachAndIgnoresFieldsOfANewerApi) {
  const std::string tent = RequestFor("tent").SerializeAsString();
  const std::string bytes =
      RawField(15, "newer") + RawField(1, tent) + "\x10\x05" + RawField(1, "") + RawField(1, "\xff");
  ASSERT_OK_AND_ASSIGN(const std::vector<absl::string_view> requests, SplitBatchRequest(bytes));
  EXPECT_THAT(requests, ElementsAre(tent, "", "\xff"));
}

// Whatever the bytes, it and ParseRequest() take together what Protobuf takes.
TEST(SplitBatchRequestTest, SaysWhatParsingSays) {
  const google::protobuf::LogSilencer silence;
  std::mt19937 random(5);
  int taken = 0, refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes;
    for (int part = 0; part < 3; ++part) {
      bytes += RawField(random() % 8 == 0 ? 15 : 1, RequestFor("tent").SerializeAsString());
    }
    for (size_t spoiled = random() % 3; spoiled > 0; --spoiled) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) bytes.resize(random() % bytes.size());
    SCOPED_TRACE(absl::CHexEscape(bytes));
    const auto requests = SplitBatchRequest(bytes);
    std::vector<std::string> parts;
    bool all_parse = requests.ok();
    for (const absl::string_view part : requests.ok() ? *requests : std::vector<absl::string_view>()) {
      Request request;
      all_parse &= request.ParseFromArray(part.data(), static_cast<int>(part.size()));
      parts.push_back(request.SerializeAsString());
    }
    Batch batch;
    const bool taken_by_protobuf = batch.ParseFromString(bytes) && batch.requests_size() > 0;
    ASSERT_EQ(all_parse, taken_by_protobuf);
    (all_parse ? taken : refused) += 1;
    if (!all_parse) continue;
    std::vector<std::string> want;
    for (const Request& request : batch.requests()) want.push_back(request.SerializeAsString());
    EXPECT_EQ(parts, want);
  }
  EXPECT_GT(taken, 5'000);
  EXPECT_GT(refused, 5'000);
}

// A scan never says anything else than parsing does, whatever the bytes.
TEST(ScanRequestTest, SaysWhatParsingSaysOrNothing) {
  const google::protobuf::LogSilencer silence;
  std::mt19937 random(3);
  int scanned = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes;
    const int parts = 1 + static_cast<int>(random() % 3);  // Joined, messages merge.
    for (int part = 0; part < parts; ++part) {
      Request request;
      if (random() % 2 == 0) request.set_query(std::string(random() % 300, 'q'));
      if (random() % 3 == 0) request.set_max_keywords(random() % 60);
      if (random() % 3 == 0) request.set_market(std::string(random() % 40, 'm'));
      if (random() % 3 == 0) request.set_explain(random() % 2 == 0);
      for (size_t i = random() % 4; i > 0; --i) request.add_recent_queries(std::string(random() % 20, 'r'));
      bytes += request.SerializeAsString();
    }
    if (random() % 3 == 0 && !bytes.empty()) bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
    if (random() % 9 == 0) bytes.resize(random() % (bytes.size() + 1));
    const std::optional<RequestView> view = ScanRequest(bytes);
    if (!view.has_value()) continue;
    ++scanned;
    Request parsed;
    if (!parsed.ParseFromString(bytes)) {
      std::vector<absl::string_view> texts(view->recent_queries.begin(), view->recent_queries.end());
      texts.insert(texts.end(), {view->query, view->market});
      ASSERT_FALSE(std::all_of(texts.begin(), texts.end(), IsUtf8));
      continue;
    }
    ASSERT_OK(ParseRequest(bytes));
    ASSERT_EQ(view->query, parsed.query());
    ASSERT_EQ(view->market, parsed.market());
    ASSERT_EQ(view->max_keywords, parsed.max_keywords());
    ASSERT_EQ(view->explain, parsed.explain());
    ASSERT_THAT(view->recent_queries, ElementsAreArray(parsed.recent_queries()));
  }
  EXPECT_GT(scanned, 3'000);
}

TEST(ScanRequestTest, LimitsThemselvesAreScanned) {
  Request request = RequestFor(std::string(256, 'a'));
  request.set_max_keywords(50);
  request.set_market(std::string(32, 'm'));
  for (int i = 0; i < 5; ++i) request.add_recent_queries(std::string(256, 'r'));
  EXPECT_TRUE(ScanRequest(request.SerializeAsString()).has_value());
  request.add_recent_queries("");
  EXPECT_FALSE(ScanRequest(request.SerializeAsString()).has_value());
}

}  // namespace
}  // namespace kindred
