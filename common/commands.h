// A program of several commands: `program COMMAND [--flag=value ...] [argument ...]`.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/command_line.h"

namespace kindred {

using Arguments = std::vector<std::string>;

struct Command {
  std::string name;
  std::string usage;                      // Of its --help; the text after "program ".
  std::vector<std::string> flags;         // Names of those that it reads; others are refused.
  absl::Status (*run)(const Arguments&);  // Gets what stands behind the command and is no flag.
};

// The whole main(): parses the flags, runs the command that is named, prints an error, returns the exit status.
// --help prints `usage`, which is to name the commands; behind a command, that command's usage and flags; so do `help`,
// which no command may be called, and `help COMMAND`. Flags of a
// --flagfile may belong to other commands: one file serves all.
int RunCommands(absl::string_view usage, absl::Span<const Command> commands, int argc, char** argv);

// The command that `line` names. BadUsage(): it names none or an unknown one, or gives a flag that is not the
// command's. The result points into `commands`.
absl::StatusOr<const Command*> FindCommand(absl::Span<const Command> commands, const CommandLine& line);

// BadUsage() where there are more than `limit`.
absl::Status NoMoreThan(const Arguments& arguments, size_t limit);

}  // namespace kindred
