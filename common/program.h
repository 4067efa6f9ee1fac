// What every main() of Kindred shares: exit status, --version, and flags that stop with a hint when unknown.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kindred {

// 0 done; 2 bad usage (InvalidArgument made by BadUsage()); 1 anything else.
int ExitCode(const absl::Status& status);

// An error of the command line: ExitCode() of it is 2.
absl::Status BadUsage(absl::string_view message);

// Parses Abseil flags; returns the positional arguments after the program's name. Unknown flags stop the program with
// exit status 2 and a hint; --help prints "program: `usage`" and every flag; --version prints version and commit. Both
// stop with 0.
std::vector<std::string> ParseProgramFlags(absl::string_view usage, int argc, char** argv);

// Prints "program: message" to standard error if not OK, and returns ExitCode(status).
int Finish(absl::string_view program, const absl::Status& status);

}  // namespace kindred
