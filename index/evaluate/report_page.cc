#include "index/evaluate/report_page.h"

#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "index/evaluate/report_assets.h"
#include "index/evaluate/report_json.h"

namespace kindred {

std::string FormatReportPage(const EvaluationReport& report) {
  // One pass: what is put in is not searched again.
  return absl::StrReplaceAll(ReportTemplate(), {{"{{PAGE_STYLE}}", PageStyle()},
                                                {"{{CHART_LIBRARY}}", ChartLibrary()},
                                                {"{{PAGE_SCRIPT}}", PageScript()},
                                                {"{{REPORT_SCRIPT}}", ReportScript()},
                                                {"{{REPORT_DATA}}", FormatJson(report)}});
}

}  // namespace kindred
