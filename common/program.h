// What every main() of Kindred shares: exit status, --version, and flags that stop with a hint when unknown.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kindred {

// 0 done; 2 bad usage (BadUsage()); what WithExitCode() said; 1 anything else.
int ExitCode(const absl::Status& status);

// An InvalidArgument error of the command line: ExitCode() of it is 2.
absl::Status BadUsage(absl::string_view message);

// `status`, whose ExitCode() becomes `code`. REQUIRES: not OK; 1 <= code <= 9.
absl::Status WithExitCode(absl::Status status, int code);

// "kindred" of "/usr/bin/kindred".
std::string ProgramName(absl::string_view path);

// "program 0.1.0 (3f2a9c1d0b7e)\n".
std::string VersionLine(absl::string_view program);

// Parses Abseil flags; returns the positional arguments after the program's name. Unknown flags stop the program with
// exit status 2 and a hint; --help prints "program: `usage`" and every flag; --version prints version and commit. Both
// stop with 0.
std::vector<std::string> ParseProgramFlags(absl::string_view usage, int argc, char** argv);

// Prints "program: message" to standard error if not OK, and returns ExitCode(status). What was printed to std::cout
// and cannot be written is an error, too.
int Finish(absl::string_view program, const absl::Status& status);

// From now on `end`, which does not return, ends the process where a std::bad_alloc that nothing catches would abort
// it, on any thread. Other exceptions end it as they did.
void OnOutOfMemory(void (*end)());

}  // namespace kindred
