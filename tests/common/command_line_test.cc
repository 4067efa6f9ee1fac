#include "common/command_line.h"

#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

ABSL_FLAG(int, threads, 4, "How many threads work.");
ABSL_FLAG(std::string, index, "", "The folder of the index.");
ABSL_FLAG(bool, json, false,
          "Print JSON. This text is long on purpose, so that it has to be wrapped: no line of a help text may be wider "
          "than a terminal that a stranger reads it in.");
ABSL_FLAG(bool, measure, true, "Measure it.");
// As Abseil's absl/flags/parse.cc has it, which may be linked in.
#line 1 "absl/flags/parse.cc"
ABSL_FLAG(std::string, undefok, "", "Flags that may be unknown.");
#line 24 "tests/common/command_line_test.cc"

namespace kindred {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class ParseCommandLineTest : public ::testing::Test {
 protected:
  // The mistake in `arguments`, which must be one of usage; "" where there is none.
  static std::string MistakeIn(std::vector<std::string> arguments) {
    const absl::Status status = ParseCommandLine(std::move(arguments)).status();
    EXPECT_EQ(ExitCode(status), status.ok() ? 0 : 2);
    return std::string(status.message());
  }

  absl::FlagSaver saver_;
  testing::TempDir dir_;
};

TEST_F(ParseCommandLineTest, TakesValuesAfterAnEqualsSignOrASpaceWithOneDashOrTwo) {
  ASSERT_OK_AND_ASSIGN(CommandLine line, ParseCommandLine({"build", "--threads=2", "-index", "a b", "log.tsv"}));
  EXPECT_THAT(line.positional, ElementsAre("build", "log.tsv"));
  EXPECT_EQ(absl::GetFlag(FLAGS_threads), 2);
  EXPECT_EQ(absl::GetFlag(FLAGS_index), "a b");
  ASSERT_OK(ParseCommandLine({"--threads", "-1", "--index", "-"}));  // A minus is not yet a flag.
  EXPECT_EQ(absl::GetFlag(FLAGS_threads), -1);
  EXPECT_EQ(absl::GetFlag(FLAGS_index), "-");
  ASSERT_OK(ParseCommandLine({"--index=a=b"}));
  EXPECT_EQ(absl::GetFlag(FLAGS_index), "a=b");
  ASSERT_OK(ParseCommandLine({"--index="}));
  EXPECT_EQ(absl::GetFlag(FLAGS_index), "");
}

TEST_F(ParseCommandLineTest, SwitchesNeedNoValueAndTakeNoneAfterASpace) {
  ASSERT_OK_AND_ASSIGN(CommandLine line, ParseCommandLine({"--json", "false"}));
  EXPECT_TRUE(absl::GetFlag(FLAGS_json));
  EXPECT_THAT(line.positional, ElementsAre("false"));
  ASSERT_OK(ParseCommandLine({"--nojson"}));
  EXPECT_FALSE(absl::GetFlag(FLAGS_json));
  ASSERT_OK(ParseCommandLine({"--json=true"}));
  EXPECT_TRUE(absl::GetFlag(FLAGS_json));
}

TEST_F(ParseCommandLineTest, LeavesALoneMinusAndAllAfterTwoAsTheyAre) {
  ASSERT_OK_AND_ASSIGN(CommandLine line, ParseCommandLine({"-", "", "--", "--threads=9", "--", "--help"}));
  EXPECT_THAT(line.positional, ElementsAre("-", "", "--threads=9", "--", "--help"));
  EXPECT_FALSE(line.help);
  EXPECT_EQ(absl::GetFlag(FLAGS_threads), 4);
}

TEST_F(ParseCommandLineTest, NamesAnUnknownFlagAndItsNeighbour) {
  EXPECT_THAT(MistakeIn({"--thread=2"}), HasSubstr("unknown flag --thread; did you mean --threads?"));
  EXPECT_THAT(MistakeIn({"-versoin"}), HasSubstr("did you mean --version?"));
  EXPECT_THAT(MistakeIn({"--flag_file=x"}), HasSubstr("did you mean --flagfile?"));
  EXPECT_THAT(MistakeIn({"--no_json"}), HasSubstr("did you mean --nojson?"));  // Not its opposite.
  EXPECT_THAT(MistakeIn({"--no-measure"}), HasSubstr("did you mean --nomeasure?"));
  EXPECT_THAT(MistakeIn({"--mesure"}), HasSubstr("did you mean --measure?"));
  EXPECT_THAT(MistakeIn({"--colour"}), AllOf(HasSubstr("unknown flag --colour"), Not(HasSubstr("did you mean"))));
  EXPECT_THAT(MistakeIn({"--nothreads"}), HasSubstr("unknown flag --nothreads"));  // Not a switch.
  EXPECT_THAT(MistakeIn({"--=1"}), HasSubstr("unknown flag --"));
  EXPECT_THAT(MistakeIn({"--undefok=thread", "--thread=2"}), HasSubstr("unknown flag --undefok"));
}

TEST_F(ParseCommandLineTest, NamesTheFlagOfABadOrMissingValue) {
  EXPECT_THAT(MistakeIn({"--threads=many"}), AllOf(HasSubstr("'many'"), HasSubstr("'threads'")));
  EXPECT_THAT(MistakeIn({"--threads", "2x"}), HasSubstr("'2x'"));
  EXPECT_THAT(MistakeIn({"--json=perhaps"}), AllOf(HasSubstr("'perhaps'"), HasSubstr("'json'")));
  EXPECT_THAT(MistakeIn({"--index"}), HasSubstr("--index needs a value"));
  EXPECT_THAT(MistakeIn({"--index", "--json"}), HasSubstr("--index needs a value"));
  EXPECT_THAT(MistakeIn({"--flagfile"}), HasSubstr("--flagfile needs a value"));
}

TEST_F(ParseCommandLineTest, HelpAndVersionStopTheReading) {
  for (const char* flag : {"--help", "-help", "-h"}) {
    ASSERT_OK_AND_ASSIGN(CommandLine line, ParseCommandLine({"build", flag, "--no_such_flag"}));
    EXPECT_TRUE(line.help) << flag;
  }
  ASSERT_OK_AND_ASSIGN(CommandLine line, ParseCommandLine({"--version"}));
  EXPECT_TRUE(line.version);
  EXPECT_FALSE(line.help);
}

TEST_F(ParseCommandLineTest, ReadsFlagFilesInPlace) {
  const std::string second = dir_.Write("second", "--json\n");
  const std::string first = dir_.Write("first", "# what follows is read\n\n  --threads=7  \n--flagfile=" + second);
  ASSERT_OK_AND_ASSIGN(CommandLine line, ParseCommandLine({"a", "--threads=1", "--flagfile", first, "b"}));
  EXPECT_THAT(line.positional, ElementsAre("a", "b"));
  EXPECT_EQ(absl::GetFlag(FLAGS_threads), 7);
  EXPECT_TRUE(absl::GetFlag(FLAGS_json));
  ASSERT_OK(ParseCommandLine({"--flagfile=" + first + "," + second, "--threads=8"}));
  EXPECT_EQ(absl::GetFlag(FLAGS_threads), 8);
}

TEST_F(ParseCommandLineTest, TellsWhichFlagsWereSetButNotInFlagFiles) {
  const std::string inner = dir_.Write("inner", "--json\n");
  const std::string file = dir_.Write("file", "--threads=7\n--flagfile=" + inner + "\n--index=x");
  ASSERT_OK_AND_ASSIGN(CommandLine line,
                       ParseCommandLine({"--index=a", "--flagfile", file, "--nojson", "a", "--threads", "2"}));
  EXPECT_THAT(line.flags, ElementsAre("index", "json", "threads"));
  ASSERT_OK_AND_ASSIGN(line, ParseCommandLine({"--flagfile=" + file}));
  EXPECT_THAT(line.flags, ::testing::IsEmpty());
}

TEST_F(ParseCommandLineTest, NamesAFlagFileThatIsMissingWrongOrEndless) {
  EXPECT_THAT(MistakeIn({"--flagfile=" + dir_.File("none")}), HasSubstr(dir_.File("none") + ": cannot read"));
  EXPECT_THAT(MistakeIn({"--flagfile=" + dir_.path()}), HasSubstr(dir_.path() + ": cannot read"));
  EXPECT_THAT(MistakeIn({"--flagfile=" + dir_.Write("plain", "threads=2")}), HasSubstr("\"threads=2\" is not a flag"));
  EXPECT_THAT(MistakeIn({"--flagfile=" + dir_.Write("typo", "--theads=2")}), HasSubstr("did you mean --threads?"));
  const std::string loop = dir_.File("loop");
  EXPECT_THAT(MistakeIn({"--flagfile=" + dir_.Write("loop", "--flagfile=" + loop)}), HasSubstr("too many flagfiles"));
}

TEST(HelpTextTest, ShowsUsageThenEveryFlagWithMeaningAndDefault) {
  const std::string text = HelpText("usage: trial COMMAND\n");
  EXPECT_THAT(text, StartsWith("usage: trial COMMAND\n\nFlags:\n"));
  EXPECT_THAT(text, HasSubstr("  --threads\n      How many threads work. (default: 4)\n"));
  EXPECT_THAT(text, HasSubstr("  --index\n      The folder of the index.\n"));
  EXPECT_THAT(text, HasSubstr("  --[no]json\n      Print JSON. "));
  EXPECT_THAT(text, HasSubstr("(default: no)\n"));
  EXPECT_THAT(text, HasSubstr("  --[no]measure\n      Measure it. (default: yes)\n"));
  EXPECT_THAT(text, AllOf(HasSubstr("--help"), HasSubstr("--version"), HasSubstr("--flagfile")));
  EXPECT_THAT(text, Not(HasSubstr("undefok")));  // Abseil's own.
}

TEST(HelpTextTest, ShowsOnlyTheFlagsThatAreNamed) {
  EXPECT_THAT(HelpText("usage", {"threads"}), AllOf(HasSubstr("--threads"), Not(HasSubstr("json"))));
}

TEST(HelpTextTest, FitsATerminal) {
  const std::string text = HelpText("usage");
  size_t begin = 0;
  for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    EXPECT_LE(end - begin, 100U) << text.substr(begin, end - begin);
  }
}

}  // namespace
}  // namespace kindred
