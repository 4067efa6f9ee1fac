// A command line of Abseil flags. absl::ParseCommandLine() exits by itself, with status 1 and no hint; here a mistake
// is a Status that names the flag, and the flag that was probably meant.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kindred {

struct CommandLine {
  std::vector<std::string> positional;  // What is not a flag, in order.
  std::vector<std::string> flags;       // Names of the flags that were set, but not those of flagfiles.
  bool help = false;                    // --help or -h: what follows it is not looked at.
  bool version = false;                 // --version: likewise.
};

// Sets the flags that `arguments` (without the program's name) give. As with Abseil: one dash or two; --name=value or
// --name value; --switch, --noswitch or --switch=false; --flagfile=FILE[,FILE...] reads arguments, one a line, blank
// lines and lines that start with # left out; after a lone -- everything is positional; a lone - is positional.
//   BadUsage(): unknown flag, no value or an illegal one, unreadable flagfile. Flags before the mistake are set.
// Not thread-safe: call in main(), before any thread.
absl::StatusOr<CommandLine> ParseCommandLine(std::vector<std::string> arguments);

// `usage`, then every flag of the program: name, meaning and default, wrapped for a terminal.
std::string HelpText(absl::string_view usage);
// Likewise, of the flags of these names alone.
std::string HelpText(absl::string_view usage, const std::vector<std::string>& flags);

}  // namespace kindred
