#include "index/evaluate/report_page.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/evaluate/report_assets.h"
#include "tests/index/evaluate/small_report.h"

namespace kindred {
namespace {

using ::kindred::testing::SmallReport;
using ::testing::HasSubstr;
using ::testing::Not;

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(ReportPageTest, IsOneFileThatAsksTheNetworkForNothing) {
  const std::string page = FormatReportPage(SmallReport());
  EXPECT_THAT(page, HasSubstr("Chart.js v3"));
  EXPECT_THAT(page, HasSubstr("Released under the MIT License"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("{{"))) << "a place that was not filled";
  for (const char* outside : {"src=\"", "href=\"", "@import", "url("}) {
    EXPECT_THAT(std::string(ReportTemplate()), Not(HasSubstr(outside)));
    EXPECT_THAT(std::string(PageStyle()), Not(HasSubstr(outside)));
  }
}

TEST(ReportPageTest, AQueryNeverBecomesMarkup) {
  const std::string plain = FormatReportPage(SmallReport());
  EvaluationReport report = SmallReport();
  report.examples[0].query = "</script><img src=x onerror=alert(1)>{{REPORT_SCRIPT}}";
  report.examples[0].keywords[0].first = "<!--<script>";
  report.parameters = {{"input", "</script>"}};
  const std::string page = FormatReportPage(report);
  EXPECT_EQ(Count(page, "</script"), Count(plain, "</script"));
  EXPECT_EQ(Count(page, "<script"), Count(plain, "<script"));
  EXPECT_EQ(Count(page, "<!--"), Count(plain, "<!--"));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_EQ(Count(page, "'use strict';\n// Draws"), 1u) << "a query was taken for a place of the template";
}

TEST(ReportPageTest, ScriptWritesTextAsTextOnly) {
  const std::string script = std::string(ReportScript()) + std::string(PageScript());
  for (const char* risky : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("}) {
    EXPECT_THAT(script, Not(HasSubstr(risky)));
  }
}

}  // namespace
}  // namespace kindred
