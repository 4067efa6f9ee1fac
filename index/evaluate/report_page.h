// report.html: an evaluation as one page with plots, for whoever decides whether a ranking goes live.
#pragma once

#include <string>

#include "index/evaluate/evaluation_report.h"

namespace kindred {

// Needs no network: the chart library is in it. Everything that comes from the log is shown as text, never as markup.
// REQUIRES: the report has methods and slices, as those of Evaluate() do.
std::string FormatReportPage(const EvaluationReport& report);

}  // namespace kindred
