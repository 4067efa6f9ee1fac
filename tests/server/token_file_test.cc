#include "server/token_file.h"

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kFirst[] = "3f2a9c1d0b7e4c55";
constexpr char kSecond[] = "another-token-of-a-page";

TEST(TokenFileTest, AllowsItsTokensAndNothingElse) {
  const TempDir dir;
  const std::string path =
      dir.Write("tokens", absl::StrCat("# of the page\n", kFirst, "\n\n  ", kSecond, " \r\n#", kFirst, "x\n"));
  ASSERT_OK_AND_ASSIGN(const auto tokens, TokenFile::Open(path));
  for (const std::string good :
       {"Bearer 3f2a9c1d0b7e4c55", "bearer 3f2a9c1d0b7e4c55", "Bearer another-token-of-a-page"}) {
    EXPECT_TRUE(tokens->Allows(good)) << good;
  }
  for (const std::string bad :
       {"", "Bearer", "Bearer ", "3f2a9c1d0b7e4c55", "Basic 3f2a9c1d0b7e4c55", "Bearer 3f2a9c1d0b7e4c5",
        "Bearer 3f2a9c1d0b7e4c55 ", "Bearer 3F2A9C1D0B7E4C55", "Bearer 3f2a9c1d0b7e4c55x", "Bearer # of the page"}) {
    EXPECT_FALSE(tokens->Allows(bad)) << bad;
  }
}

TEST(TokenFileTest, WhatIsNoTokenIsNamed) {
  const TempDir dir;
  const std::string path = dir.File("tokens");
  EXPECT_THAT(TokenFile::Open(path), HasStatus(absl::StatusCode::kNotFound,
                                               absl::StrCat("--token_file: ", path, ": No such file or directory")));
  EXPECT_THAT(TokenFile::Open(dir.path()),
              HasStatus(absl::StatusCode::kInternal, absl::StrCat("--token_file: ", dir.path(), ": Is a directory")));
  const struct {
    const char* content;
    const char* reason;
  } kCases[] = {
      {"", "no token in it"},
      {"# comment\n\n", "no token in it"},
      {"# comment\nshort\n", ":2: a token needs at least 16 bytes"},
      {"3f2a9c1d0b7e4c55\n3f2a 9c1d 0b7e 4c55\n", ":2: a token is of visible ASCII characters"},
  };
  for (const auto& c : kCases) {
    dir.Write("tokens", c.content);
    EXPECT_THAT(TokenFile::Open(path),
                HasStatus(absl::StatusCode::kInvalidArgument,
                          AllOf(HasSubstr(absl::StrCat("--token_file: ", path)), HasSubstr(c.reason))));
  }
}

TEST(TokenFileTest, ChangedTokensAreTakenAndBadOnesRefused) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto tokens, TokenFile::Open(dir.Write("tokens", kFirst)));
  dir.Write("tokens", kSecond);
  tokens->Refresh();
  EXPECT_TRUE(tokens->Allows(absl::StrCat("Bearer ", kSecond)));
  EXPECT_FALSE(tokens->Allows(absl::StrCat("Bearer ", kFirst)));
  dir.Write("tokens", "short");
  tokens->Refresh();
  EXPECT_TRUE(tokens->Allows(absl::StrCat("Bearer ", kSecond)));
  std::filesystem::remove(dir.File("tokens"));
  const auto refresh = [&tokens] {
    ::testing::internal::CaptureStdout();  // Before InitLogging(), spdlog logs here.
    tokens->Refresh();
    return ::testing::internal::GetCapturedStdout();
  };
  for (const char* time : {"first", "second"}) EXPECT_THAT(refresh(), HasSubstr("tokens refused")) << time;
  EXPECT_TRUE(tokens->Allows(absl::StrCat("Bearer ", kSecond)));
}

}  // namespace
}  // namespace kindred
