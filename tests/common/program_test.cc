#include "common/program.h"

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(ExitCodeTest, TellsDoneFailedAndBadUsageApart) {
  EXPECT_EQ(ExitCode(absl::OkStatus()), 0);
  EXPECT_EQ(ExitCode(absl::InternalError("x")), 1);
  EXPECT_EQ(ExitCode(absl::InvalidArgumentError("a bad log")), 1);
  EXPECT_EQ(ExitCode(BadUsage("no such command")), 2);
}

}  // namespace
}  // namespace kindred
