#include "common/commands.h"

#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "common/version.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

ABSL_FLAG(int, keep, 3, "How many to keep.");
ABSL_FLAG(std::string, from, "", "Where from.");

namespace kindred {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Arguments* ran_with = nullptr;

absl::Status Note(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 1));
  *ran_with = arguments;
  return absl::OkStatus();
}

std::vector<Command> Commands() {
  return {{"take", "take [THING]\n\nTakes it.", {"from"}, Note}, {"drop", "drop\n\nDrops it.", {"keep", "from"}, Note}};
}

class CommandsTest : public ::testing::Test {
 protected:
  CommandsTest() { ran_with = &ran_; }

  // Exit status, and what was printed to both streams.
  std::pair<int, std::string> Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "/usr/bin/trial");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int status = RunCommands("tries.", Commands(), static_cast<int>(argv.size()), argv.data());
    return {status, ::testing::internal::GetCapturedStdout() + ::testing::internal::GetCapturedStderr()};
  }

  Arguments ran_ = {"nothing ran"};
};

TEST_F(CommandsTest, RunsTheCommandWithWhatStandsBehindIt) {
  EXPECT_EQ(Run({"take", "--from=here", "lamp"}).first, 0);
  EXPECT_THAT(ran_, ::testing::ElementsAre("lamp"));
}

TEST_F(CommandsTest, RefusesAFlagOfAnotherCommandAndSaysWhose) {
  const auto [status, text] = Run({"take", "--keep=2"});
  EXPECT_EQ(status, 2);
  EXPECT_EQ(text, "trial: take does not use --keep: it is a flag of drop (take --help lists what it uses)\n");
  EXPECT_THAT(ran_, ::testing::ElementsAre("nothing ran"));
}

TEST_F(CommandsTest, AFlagOfNoCommandGetsNoHint) {
  CommandLine line;
  line.positional = {"take"};
  line.flags = {"orphan"};
  EXPECT_THAT(FindCommand(Commands(), line).status().message(), HasSubstr("take does not use --orphan (take"));
}

TEST_F(CommandsTest, NamesTheCommandThatWasMeant) {
  EXPECT_THAT(Run({}).second, HasSubstr("which command?"));
  EXPECT_THAT(Run({"tkae"}).second, HasSubstr("did you mean take?"));
  EXPECT_THAT(Run({"frobnicate"}).second, HasSubstr("there are take, drop"));
  EXPECT_EQ(Run({"frobnicate"}).first, 2);
  EXPECT_THAT(Run({"take", "a", "b"}).second, HasSubstr("unexpected argument \"b\""));
}

TEST_F(CommandsTest, HelpOfACommandShowsItsFlagsAlone) {
  const auto [status, text] = Run({"take", "--help"});
  EXPECT_EQ(status, 0);
  EXPECT_THAT(text, AllOf(HasSubstr("trial take [THING]"), HasSubstr("--from"), Not(HasSubstr("--keep"))));
  EXPECT_THAT(Run({"--help"}).second,
              AllOf(HasSubstr("trial: tries."), HasSubstr("--flagfile"), Not(HasSubstr("--from"))));
  EXPECT_EQ(Run({"help", "take"}), Run({"take", "--help"}));
  EXPECT_EQ(Run({"help"}), Run({"--help"}));
  EXPECT_THAT(Run({"help", "tkae"}).second, HasSubstr("did you mean take?"));
  EXPECT_EQ(Run({"--version"}).second, absl::StrCat("trial ", kVersion, " (", kCommit, ")\n"));
}

}  // namespace
}  // namespace kindred
