#include "client/response_format.h"

#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;

v1::GetRelatedKeywordsResponse TwoKeywords() {
  v1::GetRelatedKeywordsResponse response;
  response.set_index_version("42");
  response.set_match(v1::MATCH_EXACT);
  response.set_normalized_query("手机壳");
  v1::RelatedKeyword* keyword = response.add_keywords();
  keyword->set_keyword("iPhone 15 保護殼");
  keyword->set_score(4.5);
  keyword = response.add_keywords();
  keyword->set_keyword("tent");
  keyword->set_score(-0.25);
  return response;
}

v1::GetRelatedKeywordsRequest RequestOf(const std::string& query, const std::string& market = "") {
  v1::GetRelatedKeywordsRequest request;
  request.set_query(query);
  request.set_market(market);
  return request;
}

TEST(FormatAsTextTest, AlignsScoresBesideWideCharacters) {
  EXPECT_EQ(FormatAsText(RequestOf("手機殼"), TwoKeywords()),
            "\"手機殼\": known query, index version 42\n"
            "   1  iPhone 15 保護殼     4.500\n"
            "   2  tent                -0.250\n");
}

TEST(FormatAsTextTest, NothingKnownIsSaid) {
  v1::GetRelatedKeywordsResponse response;
  response.set_match(v1::MATCH_NONE);
  response.set_index_version("7");
  EXPECT_EQ(FormatAsText(RequestOf("xyz"), response),
            "\"xyz\": unknown query, index version 7\n  no related keywords\n");
  EXPECT_EQ(FormatAsText(RequestOf("xyz", "JP"), response),
            "\"xyz\": unknown query, or no market \"JP\", index version 7\n  no related keywords\n");
}

TEST(FormatAsTextTest, ShowsTheEvidence) {
  v1::GetRelatedKeywordsResponse response = TwoKeywords();
  response.set_match(v1::MATCH_SIMILAR);
  v1::Explanation* explanation = response.mutable_keywords(1)->mutable_explanation();
  explanation->set_users(12);
  explanation->set_users_after(8);
  explanation->set_shared_products(3);
  explanation->set_shared_words(1);
  explanation->set_via_query("tents");
  v1::Signal* signal = explanation->add_signals();
  signal->set_name("pair");
  signal->set_contribution(4.126);
  signal = explanation->add_signals();
  signal->set_name("token");
  signal->set_contribution(-1);
  const std::string text = FormatAsText(RequestOf("手機殼"), response);
  EXPECT_THAT(text, HasSubstr("through similar queries"));
  EXPECT_THAT(text, HasSubstr("-0.250  12 users (8 after), 3 shared products, 1 shared word; via \"tents\"; "
                              "pair 4.13, token -1.00\n"));
}

TEST(FormatAsTextTest, EvidenceThatThereIsNoneOfIsNotCounted) {
  v1::GetRelatedKeywordsResponse response = TwoKeywords();
  response.mutable_keywords(0)->mutable_explanation()->set_shared_words(2);
  response.mutable_keywords(1)->mutable_explanation();
  const std::string text = FormatAsText(RequestOf("手機殼"), response);
  EXPECT_THAT(text, HasSubstr("  2 shared words\n"));
  EXPECT_THAT(text, HasSubstr("  no evidence but popularity\n"));
}

TEST(FormatAsTextTest, SignalsThatRoundToNothingAreLeftOut) {
  v1::GetRelatedKeywordsResponse response = TwoKeywords();
  const std::pair<const char*, float> contributions[] = {
      {"pair", 0}, {"token", .0049f}, {"walk1", -.0049f}, {"walk2", -.0051f}, {"next", .2f}};
  for (const auto& [name, contribution] : contributions) {
    v1::Signal* signal = response.mutable_keywords(1)->mutable_explanation()->add_signals();
    signal->set_name(name);
    signal->set_contribution(contribution);
  }
  EXPECT_THAT(FormatAsText(RequestOf("手機殼"), response),
              HasSubstr("no evidence but popularity; walk2 -0.01, next 0.20\n"));
}

TEST(FormatAsJsonTest, UsesTheNamesOfTheProto) {
  ASSERT_OK_AND_ASSIGN(const std::string json, FormatAsJson(TwoKeywords()));
  EXPECT_THAT(json, HasSubstr("\"index_version\": \"42\""));
  EXPECT_THAT(json, HasSubstr("\"match\": \"MATCH_EXACT\""));
  EXPECT_THAT(json, HasSubstr("\"keyword\": \"iPhone 15 保護殼\""));
}

}  // namespace
}  // namespace kindred
