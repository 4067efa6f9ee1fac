// --report FILE.html, which evaluate and history share: the page that they write beside what they print.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kindred {

// Empty: no page is wanted.
std::string ReportPath();

// Whether WriteReport() could write it, where one is wanted: to be asked before the work. Codes: OutputFile::Create().
absl::Status CheckReportPath();

// Codes: OutputFile.
absl::Status WriteReport(absl::string_view page, const std::string& path);

}  // namespace kindred
