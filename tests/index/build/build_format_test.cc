#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/build/build_index.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

BuildResult Result() {
  BuildResult result;
  result.info.set_version(7);
  result.info.set_content_checksum("abc");
  auto& market = *result.info.add_markets();
  market.set_lists(5);
  market.set_keywords(40);
  (*result.info.mutable_log()->mutable_dropped())["e-mail address"] = 3;
  (*result.info.mutable_log()->mutable_dropped())["half-typed"] = 4;
  result.mined.emplace_back().robots = 2;
  result.ranked.emplace_back().caps.rows_cut = 9;
  return result;
}

TEST(BuildFormatTest, ShowsWhatWasLeftOutAndWhatCapsCut) {
  EXPECT_THAT(
      FormatBuild(Result()),
      AllOf(HasSubstr("left out: e-mail address: 3 events"), HasSubstr("left out: half-typed: 4 searches"),
            HasSubstr("2 robots"), HasSubstr("5 lists, 40 keywords"), HasSubstr("9 rows"), HasSubstr("checksum abc")));
}

TEST(BuildFormatTest, TellsEachReason) {
  BuildResult result = Result();
  for (const char* reason : {"it knows less", "it answers less"})
    result.info.mutable_comparison()->add_objections(reason);
  EXPECT_THAT(FormatBuild(result), AllOf(HasSubstr("worse: it knows less"), HasSubstr("worse: it answers less")));
}

TEST(BuildFormatTest, SaysWhetherTheVersionIsActive) {
  BuildResult result = Result();
  EXPECT_THAT(FormatBuild(result), HasSubstr("not published"));
  result.published = true;
  EXPECT_THAT(FormatBuild(result), AllOf(HasSubstr("version 7 is active"), Not(HasSubstr("not published"))));
}

}  // namespace
}  // namespace kindred
