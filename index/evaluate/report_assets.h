// Files that are part of the program: made by cmake/KindredEmbed.cmake of report.html, report.js, what all pages with
// plots share (page.css, page.js), and the installed Chart.js (its licence comment stays in it).
#pragma once

#include "absl/strings/string_view.h"

namespace kindred {

absl::string_view ReportTemplate();
absl::string_view ReportScript();
absl::string_view PageStyle();
absl::string_view PageScript();  // Comes before a page's own script, and after the chart library.
absl::string_view ChartLibrary();

}  // namespace kindred
