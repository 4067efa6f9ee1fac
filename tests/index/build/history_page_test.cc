#include "index/build/history_page.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "index/build/history_assets.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void AddQuality(const char* name, double value, index::v1::QualityFigure& figure) {
  figure.set_name(name);
  figure.set_value(value);
  figure.set_standard_error(.01);
}

// A version that is worse than the one before it.
index::v1::IndexInfo Refused(const std::string& why) {
  index::v1::IndexInfo info;
  info.set_version(2);
  info.add_markets()->set_lists(40);
  info.mutable_comparison()->set_version(1);
  info.mutable_comparison()->add_objections(why);
  info.mutable_held_out()->add_trials()->set_source("a query of somebody");
  AddQuality("hit@10", .25, *info.add_quality());
  return info;
}

std::vector<index::v1::Measurement> TwoAges(const std::string& input) {
  std::vector<index::v1::Measurement> measurements(2);
  for (size_t i = 0; i < 2; ++i) {
    measurements[i].set_version(2);
    measurements[i].set_trials(2000);
    measurements[i].set_age_days(10 * static_cast<double>(i));
    measurements[i].add_inputs(input);
    AddQuality("hit@10", i == 0 ? .3 : .2, *measurements[i].add_quality());
  }
  return measurements;
}

std::string Page(const std::string& text = "smaller") {
  return FormatHistoryPage({Refused(text)}, {1}, TwoAges(text)).value();
}

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(HistoryPageTest, IsOneFileThatAsksTheNetworkForNothing) {
  const std::string page = Page();
  EXPECT_THAT(page, HasSubstr("Chart.js v3"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("{{"))) << "a place that was not filled";
  for (const char* outside : {"src=\"", "href=\"", "@import", "url("}) {
    EXPECT_THAT(std::string(HistoryTemplate()), Not(HasSubstr(outside)));
  }
}

TEST(HistoryPageTest, HoldsVersionsMeasurementsAndTheDecay) {
  const std::string page = Page();
  const std::string begin = "<script type=\"application/json\" id=\"data\">";
  const size_t at = page.find(begin) + begin.size();
  google::protobuf::Struct data;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(page.substr(at, page.find("</script>", at) - at), &data).ok());
  EXPECT_EQ(data.fields().at("published").list_value().values(0).number_value(), 1);
  EXPECT_NEAR(data.fields().at("decay").struct_value().fields().at("per_day").number_value(), -.01, 1e-9);
  EXPECT_THAT(data.fields().at("advice").string_value(), HasSubstr("a twentieth is lost"));
  const auto& version = data.fields().at("versions").list_value().values(0).struct_value().fields();
  EXPECT_EQ(version.at("version").string_value(), "2");
  EXPECT_EQ(version.at("comparison").struct_value().fields().at("objections").list_value().values_size(), 1);
  const auto& measurement = data.fields().at("measurements").list_value().values(1).struct_value().fields();
  EXPECT_EQ(measurement.at("age_days").number_value(), 10);
  EXPECT_THAT(page, Not(HasSubstr("a query of somebody"))) << "what shoppers typed is no part of the page";
}

TEST(HistoryPageTest, WithoutMeasurementsItSaysHowToMakeThem) {
  ASSERT_OK_AND_ASSIGN(const std::string page, FormatHistoryPage({}, {}, {}));
  EXPECT_THAT(page, HasSubstr("\"decay\": null"));
  EXPECT_THAT(page, HasSubstr("kindred-index evaluate --index DIR VERSION"));
}

TEST(HistoryPageTest, ATextNeverBecomesMarkup) {
  const std::string plain = Page();
  const std::string page = Page("</script><!--<script>{{HISTORY_SCRIPT}}<img src=x onerror=alert(1)>");
  for (const char* markup : {"</script", "<script", "<!--", "<img"})
    EXPECT_EQ(Count(page, markup), Count(plain, markup));
  EXPECT_EQ(Count(page, "'use strict';\n// Draws"), 1u) << "a text was taken for a place of the template";
}

TEST(HistoryPageTest, ScriptWritesTextAsTextOnly) {
  for (const char* risky : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("}) {
    EXPECT_THAT(std::string(HistoryScript()), Not(HasSubstr(risky)));
  }
}

}  // namespace
}  // namespace kindred
