#include "common/command_line.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <fstream>
#include <map>
#include <optional>
#include <utility>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/machine_limits.h"
#include "common/nearest_name.h"
#include "common/program.h"
#include "common/status_macros.h"

namespace kindred {
namespace {

constexpr size_t kHelpColumns = 100;
constexpr int kMaxFlagFiles = 32;  // A flagfile may name another: stops one that names itself.

// Flags of the program by name: all but those that the parts of Abseil linked in register for themselves.
std::map<std::string, absl::CommandLineFlag*> ProgramFlags() {
  std::map<std::string, absl::CommandLineFlag*> flags;
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    if (!absl::StrContains(flag->Filename(), "absl/flags/")) flags.emplace(std::string(name), flag);
  }
  return flags;
}

// The program's flag of that name, else null.
absl::CommandLineFlag* FindFlag(absl::string_view name) {
  const std::map<std::string, absl::CommandLineFlag*> flags = ProgramFlags();
  const auto found = flags.find(std::string(name));
  return found == flags.end() ? nullptr : found->second;
}

// What values the flag takes.
const char* HintFor(const absl::CommandLineFlag& flag) {
  if (flag.IsOfType<absl::Duration>()) return "a time with its unit, such as 500ms, 5s or 30m";
  if (flag.IsOfType<ByteSize>()) return "a size such as 512MiB or 2GiB, or a number of bytes";
  if (flag.IsOfType<uint32_t>() || flag.IsOfType<uint64_t>()) return "a whole number, 0 or above";
  if (flag.IsOfType<int>()) return "a whole number, at most 2147483647";
  if (flag.IsOfType<bool>()) return "true or false";
  return "--help lists the flags";
}

absl::Status UnknownFlag(absl::string_view name) {
  std::vector<std::string> known = {"help", "version", "flagfile"};
  for (const auto& [flag_name, flag] : ProgramFlags()) {
    known.push_back(flag_name);
    if (flag->IsOfType<bool>()) known.push_back(absl::StrCat("no", flag_name));
  }
  const std::optional<std::string> nearest = NearestName(name, known);
  return BadUsage(absl::StrCat("unknown flag --", name, nearest ? absl::StrCat("; did you mean --", *nearest, "?") : "",
                               " (--help lists the flags)"));
}

absl::StatusOr<std::vector<std::string>> ReadFlagFile(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> arguments;
  for (std::string line; std::getline(file, line);) {
    absl::StripAsciiWhitespace(&line);
    if (line.empty() || line[0] == '#') continue;
    if (line[0] != '-') {
      return BadUsage(absl::StrCat("--flagfile=", path, ": \"", line, "\" is not a flag; write --name=value"));
    }
    arguments.push_back(line);
  }
  if (!file.eof()) return BadUsage(absl::StrCat("--flagfile=", path, ": cannot read this file"));  // Nor a folder.
  return arguments;
}

// The arguments still to be read, and what was found so far.
class Parser {
 public:
  explicit Parser(std::vector<std::string> arguments)
      : pending_(std::make_move_iterator(arguments.begin()), std::make_move_iterator(arguments.end())) {}

  absl::StatusOr<CommandLine> Parse() {
    while (!pending_.empty() && !result_.help && !result_.version) {
      const std::string argument = Take();
      if (argument == "--") {
        result_.positional.insert(result_.positional.end(), pending_.begin(), pending_.end());
        break;
      }
      if (argument.size() < 2 || argument[0] != '-') {
        result_.positional.push_back(argument);
      } else {
        RETURN_IF_ERROR(ParseFlag(absl::StripPrefix(absl::StripPrefix(argument, "-"), "-")));
      }
    }
    return std::move(result_);
  }

 private:
  // Whether the argument taken last came out of a flagfile.
  bool InFlagFile() const { return pending_.size() >= after_files_; }

  std::string Take() {
    std::string argument = std::move(pending_.front());
    pending_.pop_front();
    return argument;
  }

  absl::Status ParseFlag(absl::string_view text) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('=', 1));
    const absl::string_view name = parts.first;
    std::optional<std::string> value;
    if (name.size() < text.size()) value = std::string(parts.second);
    if (name == "help" || name == "h") {
      result_.help = true;
    } else if (name == "version") {
      result_.version = true;
    } else if (name == "flagfile") {
      return ParseFlagFiles(value);
    } else {
      return SetFlag(name, std::move(value));
    }
    return absl::OkStatus();
  }

  absl::Status ParseFlagFiles(std::optional<std::string> value) {
    ASSIGN_OR_RETURN(const std::string paths, ValueOf("flagfile", std::move(value)));
    std::vector<std::string> arguments;
    for (const absl::string_view path : absl::StrSplit(paths, ',')) {
      if (++flag_files_ > kMaxFlagFiles) return BadUsage(absl::StrCat("--flagfile=", path, ": too many flagfiles"));
      ASSIGN_OR_RETURN(const std::vector<std::string> read, ReadFlagFile(std::string(path)));
      arguments.insert(arguments.end(), read.begin(), read.end());
    }
    if (!InFlagFile()) after_files_ = pending_.size();
    pending_.insert(pending_.begin(), arguments.begin(), arguments.end());
    return absl::OkStatus();
  }

  absl::Status SetFlag(absl::string_view name, std::optional<std::string> value) {
    absl::CommandLineFlag* flag = FindFlag(name);
    absl::string_view positive = name;
    if (flag == nullptr && !value && absl::ConsumePrefix(&positive, "no")) {
      flag = FindFlag(positive);
      if (flag != nullptr && !flag->IsOfType<bool>()) flag = nullptr;
      value = "false";
    }
    if (flag == nullptr) return UnknownFlag(name);
    if (!InFlagFile()) result_.flags.emplace_back(flag->Name());
    if (flag->IsOfType<bool>() && !value) value = "true";
    ASSIGN_OR_RETURN(const std::string text, ValueOf(name, std::move(value)));
    std::string error;
    if (!flag->ParseFrom(text, &error)) {
      return BadUsage(absl::StrCat(error, " (", HintFor(*flag), ")"));
    }
    return absl::OkStatus();
  }

  // The value after "=", or else the next argument.
  absl::StatusOr<std::string> ValueOf(absl::string_view name, std::optional<std::string> value) {
    if (value) return *std::move(value);
    if (pending_.empty() || absl::StartsWith(pending_.front(), "--")) {
      return BadUsage(absl::StrCat("--", name, " needs a value: --", name, "=VALUE"));
    }
    return Take();
  }

  std::deque<std::string> pending_;
  size_t after_files_ = SIZE_MAX;  // How many were pending behind the flagfiles that were read last.
  CommandLine result_;
  int flag_files_ = 0;
};

// Appends `text` in lines of kHelpColumns, each after six spaces.
void AppendWrapped(std::string* out, absl::string_view text) {
  std::string line = "     ";
  for (const absl::string_view word : absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    if (line.size() + 1 + word.size() > kHelpColumns) {
      absl::StrAppend(out, line, "\n");
      line = "     ";
    }
    absl::StrAppend(&line, " ", word);
  }
  absl::StrAppend(out, line, "\n");
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(std::vector<std::string> arguments) {
  return Parser(std::move(arguments)).Parse();
}

std::string HelpText(absl::string_view usage) {
  std::vector<std::string> names;
  for (const auto& [name, flag] : ProgramFlags()) names.push_back(name);
  return HelpText(usage, names);
}

std::string HelpText(absl::string_view usage, const std::vector<std::string>& flags) {
  std::string text = absl::StrCat(absl::StripSuffix(usage, "\n"), "\n\nFlags:\n");
  for (const auto& [name, flag] : ProgramFlags()) {
    if (std::find(flags.begin(), flags.end(), name) == flags.end()) continue;
    const bool is_switch = flag->IsOfType<bool>();
    absl::StrAppend(&text, "  --", is_switch ? "[no]" : "", name, "\n");
    std::string meaning = flag->Help();
    std::string value = flag->DefaultValue();
    if (is_switch) value = value == "true" ? "yes" : "no";
    if (!value.empty()) absl::StrAppend(&meaning, " (default: ", value, ")");
    AppendWrapped(&text, meaning);
  }
  absl::StrAppend(&text, "  --flagfile\n      Read flags from this file, one --name=value a line.\n");
  absl::StrAppend(&text, "  --help, --version\n      This text; the version and the commit.\n");
  return text;
}

}  // namespace kindred
