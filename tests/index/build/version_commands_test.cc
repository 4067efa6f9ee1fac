#include "index/build/version_commands.h"

#include <filesystem>
#include <optional>
#include <string>

#include "absl/flags/reflection.h"
#include "common/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TempDir;
using ::kindred::testing::WriteTinyIndex;
using ::testing::HasSubstr;

TEST(VersionCommandsTest, EveryFlagIsOneOfTheProgramAndTheIndexMustBeNamed) {
  for (const Command& command : MakeVersionCommands()) {
    for (const std::string& name : command.flags) EXPECT_NE(absl::FindCommandLineFlag(name), nullptr) << name;
    const absl::Status status = command.run(command.name == "inspect" ? Arguments{"tent"} : Arguments{});
    EXPECT_EQ(ExitCode(status), 2) << command.name;
  }
  EXPECT_THAT(IndexDir().status().message(), HasSubstr("--index DIR is missing"));
}

TEST(VersionCommandsTest, AFolderThatIsNotThereIsNotMade) {
  const absl::FlagSaver saver;
  const TempDir dir;
  std::string error;
  ASSERT_TRUE(absl::FindCommandLineFlag("index")->ParseFrom(dir.File("typo"), &error));
  for (const Command& command : MakeVersionCommands()) {
    Arguments arguments;
    if (command.name == "inspect") arguments = {"tent"};
    if (command.name == "publish") arguments = {"1"};
    EXPECT_THAT(command.run(arguments), HasStatus(absl::StatusCode::kNotFound, HasSubstr("typo"))) << command.name;
    EXPECT_FALSE(std::filesystem::exists(dir.File("typo"))) << command.name;
  }
}

TEST(VersionCommandsTest, AFolderOfAnotherVersionIsNotSound) {
  const absl::FlagSaver saver;
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  std::filesystem::rename(dir.File("1"), dir.File("5"));
  std::string error;
  ASSERT_TRUE(absl::FindCommandLineFlag("index")->ParseFrom(dir.path(), &error));
  for (const Command& command : MakeVersionCommands()) {
    if (command.name != "verify") continue;
    EXPECT_THAT(command.run({"5"}), HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("5: holds version 1")));
  }
}

TEST(WantedVersionTest, IsTheNamedOneElseTheActiveOne) {
  const TempDir dir;
  const IndexRoot root(dir.path());
  ASSERT_OK(WriteTinyIndex(dir.File("1"), MakeLists({{"tent", {"stove"}}})));
  ASSERT_OK_AND_ASSIGN(const IndexVersion named, WantedVersion(root, "1"));
  EXPECT_EQ(named, 1u);
  EXPECT_THAT(WantedVersion(root, "2"),
              HasStatus(absl::StatusCode::kNotFound, HasSubstr("no version 2; its versions: 1")));
  EXPECT_THAT(WantedVersion(root, std::nullopt),
              HasStatus(absl::StatusCode::kNotFound, HasSubstr("no version is pub")));
  EXPECT_EQ(ExitCode(WantedVersion(root, "newest").status()), 2);
  dir.Write("ACTIVE", "1\n");
  ASSERT_OK_AND_ASSIGN(const IndexVersion active, WantedVersion(root, std::nullopt));
  EXPECT_EQ(active, 1u);
}

}  // namespace
}  // namespace kindred
