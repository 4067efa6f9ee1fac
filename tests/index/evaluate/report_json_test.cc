#include "index/evaluate/report_json.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tests/index/evaluate/small_report.h"

namespace kindred {
namespace {

using ::kindred::testing::SmallReport;
using ::testing::HasSubstr;
using ::testing::Not;

google::protobuf::Struct Parse(const std::string& text) {
  google::protobuf::Struct json;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &json).ok()) << text;
  return json;
}

TEST(ReportJsonTest, ParsesAndHoldsTheFigures) {
  const google::protobuf::Struct json = Parse(FormatJson(SmallReport()));
  const auto& methods = json.fields().at("methods").list_value().values();
  ASSERT_EQ(methods.size(), 2);
  const auto& all = methods[0].struct_value().fields().at("all").struct_value().fields();
  EXPECT_DOUBLE_EQ(all.at("hit@10").struct_value().fields().at("value").number_value(), .5);
  EXPECT_DOUBLE_EQ(all.at("pairs").number_value(), 2);
  EXPECT_DOUBLE_EQ(all.at("ranks").list_value().values(0).number_value(), 1);
  const auto& slice = json.fields().at("slices").list_value().values(1).struct_value().fields();
  EXPECT_EQ(slice.at("name").string_value(), "unseen");
  const auto& lists = slice.at("lists").struct_value().fields();
  EXPECT_DOUBLE_EQ(lists.at("no_evidence").struct_value().fields().at("value").number_value(), .25);
  EXPECT_DOUBLE_EQ(lists.at("distinct_keywords").number_value(), 2);
}

TEST(ReportJsonTest, TextOfTheLogComesBackAsItWas) {
  for (const std::string text : {"</script><script>alert(1)</script>", "a \"b\" \\ c", "tab\tline\nbell\a", "藍牙耳機",
                                 "<!-- & -->", "\xE2\x80\xA8"}) {
    EvaluationReport report = SmallReport();
    report.examples[0].query = text;
    report.examples[0].keywords[0].first = text;
    report.parameters = {{text, text}};
    const std::string json = FormatJson(report);
    EXPECT_THAT(json, Not(HasSubstr("<")));
    const google::protobuf::Struct parsed = Parse(json);
    const auto& example = parsed.fields().at("examples").list_value().values(0).struct_value().fields();
    EXPECT_EQ(example.at("query").string_value(), text);
    EXPECT_EQ(example.at("keywords").list_value().values(0).list_value().values(0).string_value(), text);
    EXPECT_EQ(parsed.fields().at("parameters").struct_value().fields().at(text).string_value(), text);
  }
}

TEST(ReportJsonTest, BytesThatAreNoTextDoNotBreakIt) {
  EXPECT_EQ(JsonString("file\xFF.tsv"), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(JsonString(""), "\"\"");
}

}  // namespace
}  // namespace kindred
