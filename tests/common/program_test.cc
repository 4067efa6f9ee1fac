#include "common/program.h"

#include <unistd.h>

#include <csignal>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/version.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using ::testing::ExitedWithCode;
using ::testing::KilledBySignal;

TEST(ExitCodeTest, TellsDoneFailedAndBadUsageApart) {
  EXPECT_EQ(ExitCode(absl::OkStatus()), 0);
  EXPECT_EQ(ExitCode(absl::InternalError("x")), 1);
  EXPECT_EQ(ExitCode(absl::InvalidArgumentError("a bad log")), 1);
  EXPECT_EQ(ExitCode(BadUsage("no such command")), 2);
  EXPECT_EQ(ExitCode(Annotate(BadUsage("no such command"), "kindred-index")), 2);
  EXPECT_EQ(ExitCode(WithExitCode(absl::FailedPreconditionError("kept, not published"), 3)), 3);
}

TEST(FinishTest, PrintsOneLineOfAFailureAndNothingOfSuccess) {
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(Finish("kindred-index", absl::NotFoundError("log.tsv: no such file")), 1);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "kindred-index: log.tsv: no such file\n");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(Finish("kindred-index", absl::OkStatus()), 0);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

// argv of a program that was started as "/usr/bin/trial" with `arguments`.
std::vector<std::string> Parse(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "/usr/bin/trial");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  return ParseProgramFlags("tries things.", static_cast<int>(argv.size()), argv.data());
}

TEST(ParseProgramFlagsTest, ReturnsWhatIsNotAFlag) {
  EXPECT_THAT(Parse({"related", "gears of war"}), ElementsAre("related", "gears of war"));
}

TEST(ParseProgramFlagsDeathTest, AMistakeStopsWithTwoAndAHintOnOneLine) {
  EXPECT_EXIT(Parse({"--hlep"}), ExitedWithCode(2), "^trial: unknown flag --hlep; did you mean --help\\? [^\n]*\n$");
}

TEST(ParseProgramFlagsDeathTest, HelpAndVersionStopWithZeroOnStandardOutput) {
  // A death test sees standard error only, so standard output is turned there.
  const auto parse = [](const char* flag) {
    dup2(STDERR_FILENO, STDOUT_FILENO);
    Parse({flag});
  };
  EXPECT_EXIT(parse("--help"), ExitedWithCode(0), "^trial: tries things\\.\n\nFlags:\n");
  EXPECT_EXIT(parse("--version"), ExitedWithCode(0), absl::StrCat("^trial ", kVersion, " \\(", kCommit, "\\)\n$"));
}

// On a thread, since the test's own is one whose exceptions are caught.
template <typename Exception>
void ThrowOnAThread(Exception exception) {
  OnOutOfMemory([] { ::_exit(7); });
  std::thread([exception] { throw exception; }).join();
}

TEST(OnOutOfMemoryDeathTest, EndsWhatWasRefusedMemoryAndNothingElse) {
  EXPECT_EXIT(ThrowOnAThread(std::bad_alloc()), ExitedWithCode(7), "");
  EXPECT_EXIT(ThrowOnAThread(std::runtime_error("odd")), KilledBySignal(SIGABRT), "odd");
}

}  // namespace
}  // namespace kindred
