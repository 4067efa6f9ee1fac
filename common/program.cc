#include "common/program.h"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>

#include "absl/status/statusor.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "common/command_line.h"
#include "common/version.h"

namespace kindred {
namespace {

constexpr absl::string_view kExitCodeMark = "kindred/exit-code";

void (*end_out_of_memory)() = nullptr;

}  // namespace

std::string ProgramName(absl::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

std::string VersionLine(absl::string_view program) {
  return absl::StrCat(program, " ", kVersion, " (", kCommit, ")\n");
}

absl::Status BadUsage(absl::string_view message) { return WithExitCode(absl::InvalidArgumentError(message), 2); }

absl::Status WithExitCode(absl::Status status, int code) {
  status.SetPayload(kExitCodeMark, absl::Cord(std::string(1, static_cast<char>('0' + code))));
  return status;
}

int ExitCode(const absl::Status& status) {
  if (status.ok()) return 0;
  const auto code = status.GetPayload(kExitCodeMark);
  return code.has_value() ? std::string(*code).front() - '0' : 1;
}

std::vector<std::string> ParseProgramFlags(absl::string_view usage, int argc, char** argv) {
  const std::string program = ProgramName(argv[0]);
  absl::StatusOr<CommandLine> line = ParseCommandLine(std::vector<std::string>(argv + 1, argv + argc));
  if (!line.ok()) std::exit(Finish(program, line.status()));
  if (line->help) std::cout << program << ": " << HelpText(usage);
  if (line->version) std::cout << VersionLine(program);
  if (line->help || line->version) std::exit(Finish(program, absl::OkStatus()));
  return std::move(line->positional);
}

int Finish(absl::string_view program, const absl::Status& status) {
  if (status.ok() && !std::cout.flush()) {
    return Finish(program, absl::ResourceExhaustedError("standard output cannot be written: is its disk full?"));
  }
  if (!status.ok()) std::cerr << program << ": " << status.message() << '\n';
  return ExitCode(status);
}

void OnOutOfMemory(void (*end)()) {
  static const std::terminate_handler end_of_others = std::get_terminate();
  end_out_of_memory = end;
  std::set_terminate([] {
    const std::exception_ptr uncaught = std::current_exception();
    try {
      if (uncaught != nullptr) std::rethrow_exception(uncaught);
    } catch (const std::bad_alloc&) {
      end_out_of_memory();
    } catch (...) {
    }
    end_of_others();
  });
}

}  // namespace kindred
