#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "index/evaluate/evaluator.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;

EvaluationReport Report() {
  EvaluationReport report;
  report.cuts.push_back(
      {.from = "2026-01-01", .to = "2026-01-08", .train_rows = 9, .pairs = 2, .unseen_pairs = 1, .min_users = 2});
  for (const char* name : {"kindred", "popularity"}) {
    MethodQuality method{name, {}, {}};
    method.all.AddTrial(1, true);
    method.all.AddTrial(std::nullopt, true);
    method.unseen.AddTrial(std::nullopt, false);
    report.methods.push_back(method);
  }
  return report;
}

TEST(EvaluationFormatTest, TableShowsEachMethodWithItsError) {
  const std::string table = FormatTable(Report());
  EXPECT_THAT(table, HasSubstr("cut 2026-01-01 to 2026-01-08"));
  EXPECT_THAT(table, HasSubstr("popularity"));
  EXPECT_THAT(table, HasSubstr("0.5000 ±0.5000"));
}

TEST(EvaluationFormatTest, JsonParsesAndHoldsTheFigures) {
  google::protobuf::Struct json;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(FormatJson(Report()), &json).ok());
  const auto& methods = json.fields().at("methods").list_value().values();
  ASSERT_EQ(methods.size(), 2);
  const auto& all = methods[0].struct_value().fields().at("all").struct_value().fields();
  EXPECT_DOUBLE_EQ(all.at("hit@10").struct_value().fields().at("value").number_value(), .5);
  EXPECT_DOUBLE_EQ(all.at("pairs").number_value(), 2);
}

}  // namespace
}  // namespace kindred
