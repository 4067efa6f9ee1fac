#include "common/program.h"

#include <iostream>

#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/version.h"

namespace kindred {
namespace {

constexpr absl::string_view kBadUsageMark = "kindred/bad-usage";

}  // namespace

absl::Status BadUsage(absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kBadUsageMark, absl::Cord());
  return status;
}

int ExitCode(const absl::Status& status) {
  if (status.ok()) return 0;
  return status.GetPayload(kBadUsageMark).has_value() ? 2 : 1;
}

std::vector<std::string> ParseProgramFlags(absl::string_view usage, int argc, char** argv) {
  absl::FlagsUsageConfig config;
  const auto is_main = [](absl::string_view file) { return absl::EndsWith(file, "main.cc"); };
  config.contains_helpshort_flags = is_main;
  config.contains_help_flags = is_main;
  config.contains_helppackage_flags = is_main;
  config.version_string = [] { return absl::StrCat("kindred ", kVersion, " (", kCommit, ")\n"); };
  absl::SetFlagsUsageConfig(config);
  absl::SetProgramUsageMessage(usage);
  const std::vector<char*> positional = absl::ParseCommandLine(argc, argv);
  return std::vector<std::string>(positional.begin() + 1, positional.end());
}

int Finish(absl::string_view program, const absl::Status& status) {
  if (!status.ok()) std::cerr << program << ": " << status.message() << '\n';
  return ExitCode(status);
}

}  // namespace kindred
