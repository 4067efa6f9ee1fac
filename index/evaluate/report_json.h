// An evaluation as JSON: what --json prints, and what report.html draws.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "index/evaluate/evaluation_report.h"

namespace kindred {

// One object. Figures are {"value", "standard_error"}; method names, kinds and flags are as on the terminal.
std::string FormatJson(const EvaluationReport& report);

// A JSON string with its quotes, that is also safe inside a <script> element: no <, > or & stands in it as such.
// Text that is not UTF-8 becomes one U+FFFD.
std::string JsonString(absl::string_view text);

}  // namespace kindred
