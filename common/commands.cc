#include "common/commands.h"

#include <algorithm>
#include <iostream>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/nearest_name.h"
#include "common/program.h"
#include "common/status_macros.h"

namespace kindred {
namespace {

absl::StatusOr<const Command*> CommandOf(absl::Span<const Command> commands, const Arguments& positional) {
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  if (positional.empty()) return BadUsage("which command? --help lists them");
  const std::string& wanted = positional.front();
  for (const Command& command : commands) {
    if (command.name == wanted) return &command;
  }
  if (const std::optional<std::string> meant = NearestName(wanted, names); meant.has_value()) {
    return BadUsage(absl::StrCat("no command \"", wanted, "\"; did you mean ", *meant, "?"));
  }
  return BadUsage(absl::StrCat("no command \"", wanted, "\"; there are ", absl::StrJoin(names, ", ")));
}

// `help build` is as good as `build --help`.
CommandLine WithHelp(CommandLine line) {
  if (line.positional.empty() || line.positional.front() != "help") return line;
  line.positional.erase(line.positional.begin());
  line.help = true;
  return line;
}

absl::Status Run(absl::string_view program, absl::string_view usage, absl::Span<const Command> commands,
                 const Arguments& arguments) {
  ASSIGN_OR_RETURN(CommandLine parsed, ParseCommandLine(arguments));
  const CommandLine line = WithHelp(std::move(parsed));
  if (line.version) {
    std::cout << VersionLine(program);
    return absl::OkStatus();
  }
  if (line.help && line.positional.empty()) {
    std::cout << program << ": " << HelpText(usage, {});
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Command* const command, FindCommand(commands, line));
  if (line.help) {
    std::cout << program << ' ' << HelpText(command->usage, command->flags);
    return absl::OkStatus();
  }
  return command->run(Arguments(line.positional.begin() + 1, line.positional.end()));
}

}  // namespace

absl::StatusOr<const Command*> FindCommand(absl::Span<const Command> commands, const CommandLine& line) {
  ASSIGN_OR_RETURN(const Command* const command, CommandOf(commands, line.positional));
  for (const std::string& flag : line.flags) {
    if (std::find(command->flags.begin(), command->flags.end(), flag) != command->flags.end()) continue;
    std::vector<std::string> users;
    for (const Command& other : commands) {
      if (std::find(other.flags.begin(), other.flags.end(), flag) != other.flags.end()) users.push_back(other.name);
    }
    const std::string hint = users.empty() ? "" : absl::StrCat(": it is a flag of ", absl::StrJoin(users, ", "));
    return BadUsage(absl::StrCat(command->name, " does not use --", flag, hint, " (", command->name,
                                 " --help lists what it uses)"));
  }
  return command;
}

int RunCommands(absl::string_view usage, absl::Span<const Command> commands, int argc, char** argv) {
  const std::string program = ProgramName(argv[0]);
  return Finish(program, Run(program, usage, commands, Arguments(argv + 1, argv + argc)));
}

absl::Status NoMoreThan(const Arguments& arguments, size_t limit) {
  if (arguments.size() <= limit) return absl::OkStatus();
  return BadUsage(absl::StrCat("unexpected argument \"", arguments[limit],
                               "\"; flags are written --name=value, patterns of files in quotes"));
}

}  // namespace kindred
