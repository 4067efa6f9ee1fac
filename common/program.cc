#include "common/program.h"

#include <cstdlib>
#include <iostream>

#include "absl/status/statusor.h"
#include "absl/strings/cord.h"
#include "common/command_line.h"
#include "common/version.h"

namespace kindred {
namespace {

constexpr absl::string_view kBadUsageMark = "kindred/bad-usage";

std::string NameOf(const char* path) {
  const std::string name = path;
  return name.substr(name.rfind('/') + 1);
}

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
  const std::string program = NameOf(argv[0]);
  absl::StatusOr<CommandLine> line = ParseCommandLine(std::vector<std::string>(argv + 1, argv + argc));
  if (!line.ok()) std::exit(Finish(program, line.status()));
  if (line->help) std::cout << program << ": " << HelpText(usage);
  if (line->version) std::cout << program << ' ' << kVersion << " (" << kCommit << ")\n";
  if (line->help || line->version) std::exit(0);
  return std::move(line->positional);
}

int Finish(absl::string_view program, const absl::Status& status) {
  if (!status.ok()) std::cerr << program << ": " << status.message() << '\n';
  return ExitCode(status);
}

}  // namespace kindred
